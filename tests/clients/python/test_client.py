"""The client against the running server, from a folder of pictures to a model that answers."""

import hashlib
import ipaddress
import json
import re
import uuid
from dataclasses import replace

import pytest

from mocban_client import (
    Conflict,
    Failed,
    MocbanError,
    NotAllowed,
    NotFound,
    Refused,
    TimedOut,
    cli,
    webhooks,
)
from mocban_client.client import Mocban
from tests import factories, people, pictures
from tests.browser.client import until
from tests.clients.python.conftest import client_of
from tests.receiver import receiving
from webapp.batches.models import Batch, Query
from webapp.config.env import ROOT
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.manifest import Label, Match
from webapp.datasets.snapshots.splits import TEST, side_of
from webapp.gallery.services import items_prepare_again
from webapp.registry.selectors import live_release
from webapp.review.models import Decision
from webapp.training.models import TrainingRun
from webapp.training.runs import services as runs

README = ROOT / "clients" / "python" / "README.md"


@pytest.fixture
def folder(tmp_path):
    """Prints in folders, beside what is not wanted."""
    prints = tmp_path / "prints"
    (prints / "字喃").mkdir(parents=True)
    (prints / ".hidden").mkdir()
    for seed in range(3):
        (prints / f"{seed}.png").write_bytes(pictures.png(seed, 48))
    (prints / "字喃" / '漢 "1".png').write_bytes(pictures.png(7, 48))
    (prints / "broken.png").write_bytes(b"no picture")
    (prints / ".hidden" / "x.png").write_bytes(pictures.png(9, 48))
    return prints


@pytest.fixture
def gallery(worker):
    """Three blocks on the test side of a snapshot, prepared by the worker."""
    found = []
    for seed in range(1000):
        item = factories.item(seed=seed, character=chr(0x4E00 + seed))
        label = Label("0" * 64, "match", (Match(item.sha256, item.character, ""),), "")
        if side_of(label, "block") == TEST:
            found.append(item)
        else:
            item.delete()
        if len(found) == 3:
            break
    items_prepare_again(pks=[item.pk for item in found])
    return found


def test_the_readme_s_example_runs(live_server, gallery, folder, tmp_path, monkeypatch):
    """As it stands there, but for the address, the token and how sure is sure enough."""
    example = re.search(r"```python\n(from mocban_client.*?)```", README.read_text(), re.DOTALL)[1]
    assert len([line for line in example.splitlines() if line]) <= 15
    token = client_of(live_server, people.curator())._wire._token
    for written, meant in [("https://mocban.example.org", live_server.url), ("…", token), ("0.9", "0.0")]:
        assert written in example
        example = example.replace(written, meant)
    monkeypatch.chdir(folder.parent)
    exec(compile(example, str(README), "exec"), {})
    batch = Batch.objects.get()
    assert (batch.name, batch.open) == ("page 13", False)
    assert Query.objects.filter(state="ready", answered=True).count() == 4
    names = set(Query.objects.values_list("name", flat=True))
    assert names == {"0.png", "1.png", "2.png", "broken.png", '字喃/漢 "1".png'}
    lines = [json.loads(line) for line in (folder.parent / "labels.jsonl").read_text().splitlines()]
    assert len(lines) == 4


def test_a_model_is_brought_in_measured_promoted_and_gone_back_from(
    mocban, gallery, release, weights, tmp_path
):
    batch = factories.batch(people.owner())
    for item in gallery:
        query = factories.query(batch)
        factories.suggestions(query, [item])
        factories.decision(query, people.owner(), item=item)
    sent = []
    file = mocban.wait(
        mocban.model_upload(weights[1], progress=lambda done, total: sent.append((done, total)))
    )
    assert sent[-1] == (weights[1].stat().st_size,) * 2
    model = mocban.model(file.model)
    assert [one.id for one in mocban.models()] == [model.id, release.model_id]
    assert mocban.model_download(model, tmp_path / "m").read_bytes() == weights[1].read_bytes()

    snapshot = mocban.wait(mocban.freeze("for the client"))
    assert snapshot.count == 3
    evaluation = mocban.wait(mocban.evaluate(model, snapshot))
    assert evaluation.results["queries"] == 3
    assert "queries" in evaluation.closed
    with pytest.raises(Refused) as caught:
        mocban.promote(model, evaluation)
    assert caught.value.code == "gate_closed"
    assert "train a better one" in str(caught.value)

    promotion = mocban.wait(mocban.promote(model, evaluation, reason="to see"))
    assert mocban.live().id == promotion.release == live_release().pk
    back = mocban.roll_back(release.pk, reason="seen")
    assert (back.model, back.live) == (release.model_id, True)
    assert [one.model for one in mocban.releases()] == [release.model_id, model.id, release.model_id]
    with pytest.raises(Conflict):
        mocban.roll_back(back)


def test_what_fails_says_so(mocban, worker, tmp_path):
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"no weights")
    with pytest.raises(Failed) as caught:
        mocban.wait(mocban.model_upload(bad))
    assert caught.value.code
    assert str(caught.value)


def test_waiting_ends(mocban, release):
    """No worker is there."""
    looks = []
    with pytest.raises(TimedOut):
        mocban.wait(mocban.freeze(), timeout=0.5, progress=looks.append)
    assert looks
    assert {look.status for look in looks} == {"waiting"}
    assert Snapshot.objects.get().state == "waiting"


def test_a_training_run_is_waited_for(mocban):
    """Only its rows: what trains is tried elsewhere."""
    release, snapshot = factories.release(), factories.snapshot(people.curator())
    run = mocban.train(snapshot.number)
    assert (run.status, run.recipe, run.snapshot) == ("waiting", "corrections", snapshot.number)
    runs.run_begin(pk=run.id)
    runs.run_finish(run=TrainingRun.objects.get(), model=release.model)
    assert mocban.wait(run).model == release.model_id
    stopped = mocban.train(snapshot.number)
    runs.run_stop(run=TrainingRun.objects.get(pk=stopped.id))
    with pytest.raises(Failed, match="it is stopped"):
        mocban.wait(stopped)
    assert [one.id for one in mocban.training_runs()] == [stopped.id, run.id]


class TestAnswers:
    @pytest.fixture
    def queries(self, mocban):
        batch = factories.batch(people.owner())
        item = factories.item()
        made = [factories.query(batch, name=f"{n}.png") for n in range(5)]
        for query in made:
            factories.suggestions(query, [item])
        return made

    def test_suggestions_are_read_page_by_page(self, mocban, queries, monkeypatch):
        monkeypatch.setattr("mocban_client.documents._A_PAGE", 2)
        asked = []
        get = mocban._wire.get
        monkeypatch.setattr(
            mocban._wire, "get", lambda path, **words: asked.append(path) or get(path, **words)
        )
        found = mocban.queries(queries[0].batch_id)
        assert [next(found).id, next(found).id] == [query.pk for query in queries[:2]]
        assert len(asked) == 1
        assert [query.id for query in found] == [query.pk for query in queries[2:]]
        assert len(asked) == 3

    def test_none_is_passed_over_while_one_answers(self, mocban, queries, monkeypatch):
        monkeypatch.setattr("mocban_client.documents._A_PAGE", 2)
        mocban.answer(queries[1].pk, "none", reason="damaged")
        for query in mocban.queries(queries[0].batch_id, answered=False):
            assert query.suggestions[0].rank == 1
            mocban.answer(query, "match", item=query.suggestions[0].item.id, relation="same_carving")
        assert Query.objects.filter(answered=True).count() == 5
        assert [query.id for query in mocban.queries(answered=True)] == [query.pk for query in queries]
        assert mocban.query(queries[0].pk).decision.verdict == "match"
        mocban.withdraw(queries[0].pk)
        assert Query.objects.filter(answered=True).count() == 4

    def test_the_same_answer_is_written_once(self, mocban, queries):
        key = uuid.uuid4()
        first, again = (mocban.answer(queries[0].pk, "unsure", client_key=key) for _ in range(2))
        assert first == again
        assert Decision.objects.count() == 1
        with pytest.raises(Conflict) as caught:
            mocban.answer(queries[0].pk, "none", client_key=key)
        assert caught.value.code == "key_used"

    def test_a_refusal_carries_the_server_s_words(self, mocban, queries):
        with pytest.raises(Refused) as caught:
            mocban.answer(queries[0].pk, "match")
        assert (caught.value.code, caught.value.status, caught.value.retryable) == ("bad_item", 400, False)
        assert caught.value.hint in str(caught.value)
        with pytest.raises(Refused, match="verdict"):
            mocban.answer(queries[0].pk, "perhaps")


class TestDoors:
    def test_another_s_batch_is_not_there(self, live_server, mocban):
        batch = factories.batch(people.owner())
        teammate = client_of(live_server, people.teammate())
        with pytest.raises(NotFound):
            teammate.batch(batch.pk)
        assert client_of(live_server, people.owner()).batch(batch.pk).name == batch.name
        with pytest.raises(NotAllowed) as caught:
            teammate.freeze()
        assert caught.value.code == "forbidden"

    def test_a_wrong_token(self, live_server, transactional_db):
        with pytest.raises(NotAllowed) as caught:
            list(Mocban(live_server.url, "0" * 40).batches())
        assert (caught.value.status, caught.value.code) == (401, "not_authenticated")

    def test_no_token_and_no_address(self, monkeypatch):
        monkeypatch.delenv("MOCBAN_TOKEN", raising=False)
        with pytest.raises(NotAllowed, match="there is no token"):
            Mocban("https://mocban.example.org")
        for url in ("mocban.example.org", "file:///etc/passwd", ""):
            with pytest.raises(MocbanError) as caught:
                Mocban(url, "x")
            assert caught.value.code == "bad_address"


def test_nothing_to_upload(mocban, tmp_path):
    with pytest.raises(MocbanError) as caught:
        mocban.upload(tmp_path)
    assert caught.value.code == "no_files"
    assert not Batch.objects.exists()


def test_an_upload_goes_in_portions(mocban, folder, monkeypatch):
    monkeypatch.setattr("mocban_client.documents._MOST_FILES", 2)
    rows = []
    batch = mocban.upload(folder, shared=True, progress=lambda done, total: rows.append((done, total)))
    assert (batch.total, batch.raw["open"], batch.raw["shared"]) == (5, False, True)
    total = sum(path.stat().st_size for path in folder.rglob("*.png") if ".hidden" not in path.parts)
    assert rows[-1] == (total, total)
    assert rows == sorted(rows)
    stored = {(query.name, query.sha256) for query in Query.objects.all()}
    assert ("0.png", hashlib.sha256((folder / "0.png").read_bytes()).hexdigest()) in stored


def test_webhooks_are_kept(mocban):
    made = mocban.webhook_add("lab", "https://example.org/", ["batch.answered"])
    assert made.secret.startswith("whsec_")
    assert made.secret not in repr(made)
    [known] = mocban.webhooks()
    assert (known.id, known.secret, known.events) == (made.id, "", ["batch.answered"])
    mocban.webhook_delete(made)
    assert not list(mocban.webhooks())


def test_the_command_line(live_server, worker, folder, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("MOCBAN_URL", live_server.url)
    monkeypatch.setenv("MOCBAN_TOKEN", client_of(live_server, people.curator())._wire._token)
    assert cli.main(["upload", str(folder), "--name", "by hand", "--wait"]) == 0
    batch = Batch.objects.get()
    assert capsys.readouterr().out == f"{batch.pk}\tready\t4 ready, 1 refused\n"
    assert cli.main(["wait", str(batch.pk)]) == 0
    to = tmp_path / "labels.csv"
    assert cli.main(["export", "--batch", str(batch.pk), "--format", "csv", "--to", str(to)]) == 0
    assert to.read_text().startswith("query_id,query,")
    assert cli.main(["wait", "99999"]) == 1
    assert "mocban: " in capsys.readouterr().err


def test_a_batch_is_told_of_from_its_upload_to_its_last_answer(mocban, worker, folder, settings):
    """The worker sends, a receiver listens, and the client's own check believes what it is told."""
    settings.ENV = replace(settings.ENV, hook_networks=(ipaddress.ip_network("127.0.0.0/8"),))
    with receiving() as receiver:
        secret = mocban.webhook_add("lab", receiver.url, ["batch.ready", "batch.answered"]).secret
        batch = mocban.wait(mocban.upload(folder))
        for query in mocban.queries(batch, status="ready"):
            mocban.answer(query, "none", reason="not_in_gallery")
        until(lambda: len(receiver.got) == 2, within=20)
    rows = [webhooks.verify(sent.body, sent.headers, secret) for sent in receiver.got]
    assert [one["type"] for one in rows] == ["batch.ready", "batch.answered"]
    assert {one["data"]["batch"] for one in rows} == {batch.id}
    assert (rows[1]["data"]["answered"], rows[1]["data"]["refused"]) == (4, 1)
