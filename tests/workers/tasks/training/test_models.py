"""A model comes in, is measured beside the live one, is promoted, and can be gone back from."""

import pytest
import torch

from retrieval.models import Net, Shape, Weights, save_weights
from retrieval.preprocess import Recipe
from tests import factories
from tests.workers.conftest import register
from webapp.core.errors import Conflict, Refused
from webapp.core.files.blobs import blob_path
from webapp.datasets.snapshots.files import read_labels
from webapp.datasets.snapshots.splits import TEST, side_of
from webapp.gallery.models import ItemVector
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import live_release, model_path
from webapp.search.models import Suggestion
from webapp.training import services
from webapp.training.housekeeping import vectors_clear
from webapp.training.models import Evaluation, Finished, Promotion
from workers.live import cache
from workers.runtime.runner import run_job
from workers.tasks.gallery.items_prepare import items_prepare
from workers.tasks.search import index_build as reindex
from workers.tasks.training.model_evaluate import model_evaluate
from workers.tasks.training.model_promote import model_promote
from workers.tasks.training.model_read import model_read

pytestmark = pytest.mark.django_db
BLOCKS = 24


def sent(curator, path, name="new.safetensors"):
    with path.open("rb") as file:
        return services.model_file_add(user=curator, stream=file, name=name)


@pytest.fixture
def candidate(release, random_weights):
    """A model beside the live one."""
    return register(random_weights[1])


@pytest.fixture
def labelled(release, do, owner, curator):
    """Blocks that the live model knows, each with a labelled print; the snapshot of that."""
    items = [factories.item(seed=n, character=chr(0x4E00 + n)) for n in range(BLOCKS)]
    do(items_prepare, {"items": [item.pk for item in items]})
    batch = factories.batch(owner)
    for n, item in enumerate(items):
        query = factories.query(batch, seed=n)
        factories.suggestions(query, [items[n - 1], item])
        said = {"verdict": "match", "item": item, "relation": "same_carving"}
        factories.answer(query=query, annotator=owner, **said)
    return factories.snapshot(curator)


def run_jobs():
    """All that wait, and those that they ask for."""
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("created").first():
        run_job(job.pk)


# reading a file


def test_a_weights_file_becomes_a_model(release, do, curator, random_weights):
    file = sent(curator, random_weights[1])
    do(model_read, {"file": file.pk})
    file.refresh_from_db()
    assert file.state == "ready"
    assert file.model.sha256 == file.sha256
    assert model_path(file.model).read_bytes() == random_weights[1].read_bytes()
    assert live_release().pk == release.pk


@pytest.mark.parametrize("damage", ["cut short", "a byte changed", "no weights", "empty"])
def test_what_is_no_model_is_refused(release, do, curator, random_weights, tmp_path, damage):
    data = bytearray(random_weights[1].read_bytes())
    if damage == "cut short":
        data = data[: len(data) // 2]
    elif damage == "a byte changed":
        data[-5] ^= 1
    elif damage == "no weights":
        data = bytearray(b"\x80\x04\x95.a pickle")
    else:
        data = bytearray()
    path = tmp_path / "x.safetensors"
    path.write_bytes(data)
    file = sent(curator, path)
    do(model_read, {"file": file.pk})
    file.refresh_from_db()
    assert (file.state, file.model) == ("rejected", None)
    assert file.error
    assert ModelVersion.objects.count() == 1


@pytest.fixture
def useless(tmp_path):
    """A whole weights file, under a digest that fits, all of whose numbers are NaN."""
    path = tmp_path / "useless.safetensors"
    net = Net(Shape()).eval()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.fill_(float("nan"))
    save_weights(path, Weights(net, "useless", Recipe(), {}))
    return path


def test_weights_that_are_useless_are_no_model(release, do, curator, useless):
    file = sent(curator, useless)
    do(model_read, {"file": file.pk})
    file.refresh_from_db()
    assert (file.state, file.model, file.error_code) == ("rejected", None, "useless_model")
    assert ModelVersion.objects.count() == 1


def test_no_refusal_of_a_file_names_a_folder_of_the_server(release, do, curator, data, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(b"no weights")
    file = sent(curator, path, name="mine.safetensors")
    blob_path(file.sha256).unlink()
    do(model_read, {"file": file.pk})
    file.refresh_from_db()
    assert "mine.safetensors" in file.error
    assert str(data) not in file.error
    assert file.sha256 not in file.error


def test_a_useless_model_that_is_there_already_is_never_promoted(release, do, curator, useless):
    model = register(useless)
    made = services.promotion_request(user=curator, model=model, reason="a test")
    with pytest.raises(Refused) as caught:
        do(model_promote, {"promotion": made.pk})
    assert caught.value.code == "useless_model"
    assert live_release().pk == release.pk


def test_a_file_that_is_known_is_known(release, do, curator, random_weights):
    file = sent(curator, random_weights[0])
    do(model_read, {"file": file.pk})
    file.refresh_from_db()
    assert file.model == release.model


# measuring


def test_a_candidate_is_measured_beside_the_live_model(labelled, candidate, release, do, curator):
    asked = [one for one in read_labels(labelled.number, labelled.digest) if side_of(one, "block") == TEST]
    assert asked
    made = services.evaluation_request(user=curator, candidate=candidate, snapshot=labelled)
    do(model_evaluate, {"evaluation": made.pk})
    made.refresh_from_db()
    assert made.state == Finished.READY
    results = made.results
    assert results["queries"] == len(asked)
    for who in ("live", "candidate"):
        assert 0 <= results[who]["mrr_at_5"]["low"] <= results[who]["mrr_at_5"]["mean"] <= 1
        assert 0 <= results[who]["calibration_error"] <= 1
    assert results["carvings"]["queries"] == len(asked)
    by_plane = [one["queries"] for one in results["slices"] if one["name"] in {"in_bmp", "beyond_bmp"}]
    assert sum(by_plane) == len(asked)
    assert ItemVector.objects.filter(model=candidate).count() >= BLOCKS
    assert live_release().pk == release.pk


def test_a_model_beside_itself_gains_nothing(labelled, release, do, curator):
    made = Evaluation.objects.create(
        candidate=release.model, live=release.model, snapshot=labelled, created_by=curator
    )
    do(model_evaluate, {"evaluation": made.pk})
    made.refresh_from_db()
    assert made.results["gain"]["mrr_at_5"] == {"mean": 0, "low": 0, "high": 0}
    assert made.results["won"] == made.results["lost"] == []
    assert made.results["live"] == made.results["candidate"]


def test_pictures_that_are_gone_are_left_out(labelled, candidate, do, curator):
    for label in read_labels(labelled.number, labelled.digest):
        blob_path(label.query).unlink()
    made = services.evaluation_request(user=curator, candidate=candidate, snapshot=labelled)
    with pytest.raises(Refused, match="no query"):
        do(model_evaluate, {"evaluation": made.pk})


def test_the_live_model_is_no_candidate(labelled, release, curator):
    with pytest.raises(Refused):
        services.evaluation_request(user=curator, candidate=release.model, snapshot=labelled)


# promoting and going back


def promoted(curator, model, do):
    made = services.promotion_request(user=curator, model=model, reason="a test")
    do(model_promote, {"promotion": made.pk})
    made.refresh_from_db()
    return made


def test_a_promoted_model_answers(labelled, candidate, release, do, curator, owner):
    query = factories.query(factories.batch(owner), seed=3)
    factories.suggestions(query, [])
    made = promoted(curator, candidate, do)
    live = live_release()
    assert (made.state, made.release) == (Finished.READY, live)
    assert (live.model, live.created_by) == (candidate, curator)
    assert ItemVector.objects.filter(model=candidate).values("item").distinct().count() == BLOCKS
    run_jobs()
    query.refresh_from_db()
    assert query.vector_model == candidate
    assert {one.release for one in query.suggestions.all()} == {live}


def test_what_was_answered_keeps_its_suggestions(labelled, candidate, release, do, curator):
    before = list(Suggestion.objects.order_by("pk").values_list("query", "item", "release"))
    promoted(curator, candidate, do)
    run_jobs()
    assert list(Suggestion.objects.order_by("pk").values_list("query", "item", "release")) == before


@pytest.mark.parametrize("indexed", [False, True])
def test_one_click_goes_back(labelled, candidate, release, do, curator, monkeypatch, indexed):
    if indexed:
        monkeypatch.setattr(reindex, "EXACT_IS_FAST_TO", 10)
    promoted(curator, candidate, do)
    assert bool(live_release().index) == indexed
    back = services.release_roll_back(user=curator, release=release)
    assert live_release() == back
    assert (back.model, back.created_by) == (release.model, curator)
    assert Promotion.objects.filter(release=back, state=Finished.READY).exists()
    assert cache.live().release == back


def test_one_without_its_weights_is_not_gone_back_to(labelled, candidate, release, do, curator):
    promoted(curator, candidate, do)
    model_path(release.model).unlink()
    with pytest.raises(Refused, match="gone"):
        services.release_roll_back(user=curator, release=release)
    assert live_release().model == candidate


def test_an_item_that_came_meanwhile_is_found(labelled, candidate, do, curator, monkeypatch):
    """It came after the gallery was embedded, and before the model went live."""
    late = []
    build = reindex.build_and_release

    def meanwhile(*args, **words):
        late.append(factories.item(seed=77))
        do(items_prepare, {"items": [late[0].pk]})
        return build(*args, **words)

    monkeypatch.setattr("workers.tasks.training.model_promote.build_and_release", meanwhile)
    promoted(curator, candidate, do)
    assert ItemVector.objects.filter(model=candidate, item=late[0]).exists()


@pytest.mark.parametrize("where", ["embed_missing", "build_and_release"])
def test_a_worker_that_dies_leaves_the_live_model_alone(
    labelled, candidate, release, do, curator, monkeypatch, where
):
    made = services.promotion_request(user=curator, model=candidate, reason="a test")

    def die(*args, **words):
        raise MemoryError

    monkeypatch.setattr(f"workers.tasks.training.model_promote.{where}", die)
    with pytest.raises(MemoryError):
        do(model_promote, {"promotion": made.pk})
    assert live_release().pk == release.pk
    monkeypatch.undo()
    do(model_promote, {"promotion": made.pk})
    assert live_release().model == candidate


def test_one_that_is_done_is_not_done_again(labelled, candidate, do, curator):
    made = promoted(curator, candidate, do)
    count = Release.objects.count()
    do(model_promote, {"promotion": made.pk})
    assert Release.objects.count() == count


def test_two_are_not_promoted_at_once(release, candidate, curator):
    services.promotion_request(user=curator, model=candidate, reason="first")
    other = ModelVersion.objects.create(name="x", sha256="1" * 64, fingerprint="1", width=4, recipe={})
    with pytest.raises(Conflict, match="being promoted"):
        services.promotion_request(user=curator, model=other, reason="second")
    with pytest.raises(Conflict, match="being promoted"):
        services.release_roll_back(user=curator, release=Release.objects.create(model=other))


def test_a_closed_gate_wants_a_reason(labelled, candidate, do, curator):
    with pytest.raises(Refused, match="does not pass: measured"):
        services.promotion_request(user=curator, model=candidate)
    made = services.evaluation_request(user=curator, candidate=candidate, snapshot=labelled)
    do(model_evaluate, {"evaluation": made.pk})
    made.refresh_from_db()
    with pytest.raises(Refused, match="does not pass: queries"):
        services.promotion_request(user=curator, model=candidate, evaluation=made)
    result = services.promotion_request(user=curator, model=candidate, evaluation=made, reason="it must be")
    assert result.reason == "it must be"


def test_what_was_measured_against_another_does_not_count(labelled, candidate, release, do, curator):
    made = services.evaluation_request(user=curator, candidate=candidate, snapshot=labelled)
    do(model_evaluate, {"evaluation": made.pk})
    made.refresh_from_db()
    promoted(curator, candidate, do)
    third = ModelVersion.objects.create(name="x", sha256="1" * 64, fingerprint="1", width=4, recipe={})
    with pytest.raises(Refused, match="evaluation is of another model"):
        services.promotion_request(user=curator, model=third, evaluation=made, reason="x")


def test_vectors_that_nobody_goes_back_to_are_cleared(labelled, candidate, release, do, curator):
    promoted(curator, candidate, do)
    old = ModelVersion.objects.create(name="x", sha256="1" * 64, fingerprint="1", width=4, recipe={})
    item = ItemVector.objects.first().item
    ItemVector.objects.create(item=item, model=old, mirrored=False, vector=b"\0" * 16)
    assert vectors_clear() == 1
    assert ItemVector.objects.filter(model=release.model).exists()
    assert ItemVector.objects.filter(model=candidate).exists()


def test_a_model_of_another_width_goes_in(labelled, release, do, curator, tmp_path):
    torch.manual_seed(3)
    path = tmp_path / "narrow.safetensors"
    save_weights(path, Weights(Net(Shape(width=24)).eval(), "narrow", Recipe(), {}))
    made = promoted(curator, register(path), do)
    assert made.state == Finished.READY
    run_jobs()
    assert cache.live().embedder.width == 24


def test_a_blob_is_enough_to_read_it_again(release, do, curator, random_weights):
    """The stored copy of the weights may be lost: the uploaded file brings it back."""
    file = sent(curator, random_weights[1])
    do(model_read, {"file": file.pk})
    file.refresh_from_db()
    model_path(file.model).unlink()
    again = sent(curator, random_weights[1])
    do(model_read, {"file": again.pk})
    assert model_path(file.model).is_file()
