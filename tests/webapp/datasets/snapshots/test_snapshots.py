"""A snapshot holds the labels of one moment, says where each comes from, and never changes."""

import errno
import json

import pytest

from tests import factories
from tests.progress import FakeProgress
from webapp.core.errors import Conflict, Refused
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import Freezing, read_entries, read_labels, snapshot_folder
from webapp.datasets.snapshots.manifest import BadSnapshot
from webapp.datasets.snapshots.selectors import snapshot_before, snapshots_differ
from webapp.datasets.snapshots.services import snapshot_request
from webapp.jobs.models import Job
from webapp.review.answering.services import decision_withdraw
from workers.tasks.datasets import snapshot_freeze as task
from workers.tasks.datasets.snapshot_freeze import snapshot_freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def items():
    return [factories.item(seed=n, character=character) for n, character in enumerate("字樂\uf914𠄎")]


@pytest.fixture
def batch(owner, items):
    """Five queries: three matches, one of them to a compatibility ideograph, one none, one unsure."""
    batch = factories.batch(owner, name="Kiều/翹")
    for n in range(5):
        factories.suggestions(factories.query(batch, seed=n, name=f"{n}.png"), items)
    queries = list(batch.queries.order_by("pk"))
    for query, item in zip(queries, [items[0], items[2], items[3]], strict=False):
        factories.answer(query=query, annotator=owner, verdict="match", item=item, relation="same_carving")
    factories.answer(query=queries[3], annotator=owner, verdict="none", reason="damaged")
    factories.answer(query=queries[4], annotator=owner, verdict="unsure")
    return batch


def freeze(curator, note="") -> Snapshot:
    snapshot = snapshot_request(user=curator, note=note)
    snapshot_freeze({"snapshot": snapshot.pk}, FakeProgress())
    snapshot.refresh_from_db()
    return snapshot


def labels(snapshot):
    return list(read_labels(snapshot.number, snapshot.digest))


def test_it_holds_the_labels_and_where_they_come_from(batch, curator, owner, items):
    snapshot = freeze(curator)
    assert (snapshot.state, snapshot.number, snapshot.count) == ("ready", 1, 4)
    found = list(read_entries(snapshot.number, snapshot.digest, snapshot.origins))
    assert [label.query for label, _ in found] == sorted(label.query for label, _ in found)
    by_name = {origin["name"]: (label, origin) for label, origin in found}
    label, origin = by_name["1.png"]
    assert (label.matches[0].item, label.matches[0].character) == (items[2].sha256, "\uf914")
    assert origin["decisions"][-1]["annotator"] == "owner"
    assert [one["item"] for one in origin["suggestions"]] == [item.sha256 for item in items]
    assert by_name["3.png"][0].reason == "damaged"
    assert "4.png" not in by_name


def test_the_same_labels_have_the_same_digest(batch, curator, owner, items):
    first = freeze(curator)
    query = batch.queries.first()
    factories.answer(query=query, annotator=owner, verdict="none", reason="bad_crop")
    second = freeze(curator)
    factories.answer(query=query, annotator=owner, verdict="match", item=items[0], relation="same_carving")
    third = freeze(curator)
    assert first.digest == third.digest != second.digest
    assert first.origins != third.origins
    assert [first.number, second.number, third.number] == [1, 2, 3]


def test_it_stays_as_it_was(batch, curator, owner, items):
    snapshot = freeze(curator)
    before = labels(snapshot)
    decision_withdraw(query=batch.queries.first(), annotator=owner)
    items[3].character = "丁"
    items[3].save()
    snapshot_freeze({"snapshot": snapshot.pk}, FakeProgress())
    assert labels(snapshot) == before


def test_its_card_counts(batch, curator, items):
    card = freeze(curator).card
    assert (card["labels"], card["verdicts"]) == (4, {"match": 3, "none": 1})
    assert (card["items"], card["characters"], card["beyond_bmp"]) == (3, 3, 1)
    assert card["relations"] == {"same_carving": 3}
    assert card["batches"] == [{"id": batch.pk, "name": "Kiều/翹", "labels": 4}]
    assert card["faults"] == {"one_person": 4, "no_character": 0, "same_picture": 0, "contradicted": 0}
    assert all(sum(sides.values()) == 4 for sides in card["splits"].values())
    assert card["agreement"] is None


def test_its_card_tells_pictures_that_are_there_twice(batch, curator, owner, teammate, items):
    other = factories.batch(owner, name="again")
    for seed, item in [(0, items[0]), (1, items[1])]:
        query = factories.query(other, seed=seed)
        factories.answer(query=query, annotator=owner, verdict="match", item=item, relation="same_carving")
    card = freeze(curator).card
    assert (card["faults"]["same_picture"], card["faults"]["contradicted"]) == (2, 1)
    for split in ("block", "character"):
        assert sum(card["splits"][split].values()) == card["labels"] == 6


def test_an_empty_project_gives_an_empty_snapshot(curator):
    snapshot = freeze(curator)
    assert (snapshot.count, labels(snapshot)) == (0, [])
    assert snapshot.card["labels"] == 0


@pytest.mark.parametrize("name", ["manifest.jsonl", "origins.jsonl"])
def test_one_that_was_edited_by_hand_is_refused(batch, curator, name):
    snapshot = freeze(curator)
    path = snapshot_folder(snapshot.number) / name
    path.write_bytes(path.read_bytes().replace(b"match", b"patch", 1))
    with pytest.raises(BadSnapshot, match="changed or damaged since"):
        next(read_entries(snapshot.number, snapshot.digest, snapshot.origins))


def test_one_whose_file_is_gone_is_refused(batch, curator):
    snapshot = freeze(curator)
    (snapshot_folder(snapshot.number) / "manifest.jsonl").unlink()
    with pytest.raises(BadSnapshot, match="is missing"):
        labels(snapshot)


def test_what_a_killed_worker_left_is_replaced(batch, curator):
    """Killed after its files took their place, and before the row said so."""
    snapshot = snapshot_request(user=curator)
    left = snapshot_folder(snapshot.number)
    left.mkdir(parents=True)
    (left / "manifest.jsonl").write_text("half")
    snapshot_freeze({"snapshot": snapshot.pk}, FakeProgress())
    snapshot.refresh_from_db()
    assert len(labels(snapshot)) == 4


def test_a_full_disk_is_reported_and_leaves_nothing(batch, curator, monkeypatch):
    def full(*args, **words):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("webapp.datasets.snapshots.files._flush", full)
    snapshot = freeze(curator)
    assert (snapshot.state, snapshot.error) == (
        "failed",
        "the disk is full: the snapshot could not be written",
    )
    assert list(snapshot_folder(1).parent.iterdir()) == []
    monkeypatch.undo()
    assert freeze(curator).state == "ready"


def test_one_that_was_given_up_says_so(curator):
    snapshot = snapshot_request(user=curator)
    task.JOB.on_give_up({"snapshot": snapshot.pk}, code="x", error="it went wrong", hint="again")
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.error, snapshot.hint) == ("failed", "it went wrong", "again")


def test_asking_enqueues_a_job(curator):
    snapshot = snapshot_request(user=curator, note="before the retraining")
    job = Job.objects.get(kind="snapshot.freeze")
    assert job.payload == {"snapshot": snapshot.pk}


def test_a_note_that_is_too_long_is_refused(curator):
    with pytest.raises(Refused):
        snapshot_request(user=curator, note="x" * 201)


def test_the_difference_of_two(batch, curator, owner, items):
    first = freeze(curator)
    queries = list(batch.queries.order_by("pk"))
    factories.answer(query=queries[0], annotator=owner, verdict="match", item=items[1])
    decision_withdraw(query=queries[1], annotator=owner)
    factories.answer(query=queries[4], annotator=owner, verdict="match", item=items[1])
    second = freeze(curator)
    result = snapshots_differ(first, second)
    assert (result.added, result.removed, result.changed, result.same) == (1, 1, 1, 2)
    assert snapshot_before(second) == first


def test_one_that_is_not_ready_has_no_difference(curator):
    with pytest.raises(Conflict):
        snapshots_differ(snapshot_request(user=curator), snapshot_request(user=curator))


def test_the_files_are_json_lines(batch, curator):
    snapshot = freeze(curator)
    folder = snapshot_folder(snapshot.number)
    for name in ("manifest.jsonl", "origins.jsonl"):
        lines = folder.joinpath(name).read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["query"] for line in lines] == sorted(
            json.loads(line)["query"] for line in lines
        )
    assert json.loads(folder.joinpath("card.json").read_text(encoding="utf-8")) == snapshot.card


def test_files_aside_are_taken_away(batch, curator):
    freezing = Freezing(7)
    freezing.write([], report=lambda done: None)
    freezing.discard()
    assert list(snapshot_folder(7).parent.iterdir()) == []
