"""A batch takes files in, and nothing bad stops the rest."""

import io

import pytest

from tests import factories, pictures
from webapp.batches.models import BatchArchive, BatchLeftOut, Query
from webapp.batches.selectors import batch_progress
from webapp.batches.services import batch_add_file, batch_close, batch_create
from webapp.batches.trash import batch_delete
from webapp.core.errors import Conflict, Forbidden, Refused
from webapp.jobs.models import Job


def add(batch, name, content):
    return batch_add_file(batch=batch, name=name, stream=io.BytesIO(content))


@pytest.fixture
def batch(owner):
    return batch_create(owner=owner, name="Kiều")


def test_a_picture_becomes_a_query(batch):
    query = add(batch, "trang/字.png", pictures.png(1))
    assert (query.name, query.state, query.queued) == ("trang/字.png", Query.State.WAITING, False)


def test_a_picture_under_another_ending_is_a_picture(batch):
    assert isinstance(add(batch, "scan.txt", pictures.png(1)), Query)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.png", b"", "empty"),
        ("a.png", b"hello there", "not_a_picture"),
        ("a.jpg", b"%PDF-1.7", "not_a_picture"),
        ("b.png", b"solid x\nfacet normal", "not_a_picture"),
    ],
)
def test_what_claims_to_be_a_picture_and_is_none_is_refused_with_its_reason(batch, name, content, code):
    query = add(batch, name, content)
    assert (query.state, query.error_code) == (Query.State.REJECTED, code)
    assert name in query.error
    assert query.hint


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("__MACOSX/._a.png", b"\0\5\x16\7", "junk"),
        (".DS_Store", b"Bud1", "junk"),
        ("x/Thumbs.db", b"", "junk"),
        ("readme.txt", b"hello", "not_a_picture"),
        ("notes.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_a_picture"),
        ("old.rar", b"Rar!\x1a\x07\0", "other_archive"),
    ],
)
def test_litter_and_strangers_are_left_out_and_said_so(batch, name, content, code):
    left = add(batch, name, content)
    assert isinstance(left, BatchLeftOut)
    assert (left.name, left.code) == (name, code)
    assert left.reason


def test_the_same_picture_twice_is_one_query(batch):
    add(batch, "a.png", pictures.png(1))
    left = add(batch, "b.png", pictures.png(1))
    assert left.code == "duplicate"
    assert "a.png" in left.reason


def test_a_picture_of_another_batch_is_welcome(batch, owner):
    add(batch, "a.png", pictures.png(1))
    other = batch_create(owner=owner, name="other")
    assert isinstance(add(other, "a.png", pictures.png(1)), Query)


def test_two_empty_files_are_both_called_empty(batch):
    add(batch, "a.png", b"")
    assert add(batch, "b.png", b"").code == "empty"


def test_closing_writes_jobs_in_chunks_for_the_batch_worker(batch):
    for seed in range(40):
        add(batch, f"{seed}.png", pictures.png(seed, 16))
    batch_close(batch=batch)
    batch_close(batch=batch)
    assert sorted(len(job.payload["queries"]) for job in Job.objects.all()) == [8, 32]
    assert {job.queue for job in Job.objects.all()} == {"batch"}


def test_a_few_pictures_go_before_big_batches(batch):
    add(batch, "a.png", pictures.png(1))
    batch_close(batch=batch)
    job = Job.objects.get()
    assert (job.kind, job.queue, job.subject) == ("queries.match", "interactive", f"batch:{batch.pk}")


def test_refused_pictures_ask_for_no_work(batch):
    add(batch, "a.png", b"")
    batch_close(batch=batch)
    assert not Job.objects.exists()
    assert batch_progress(batch).state == "ready"


def test_a_zip_waits_to_be_unpacked(batch):
    archive = add(batch, "all.zip", b"PK\5\6" + bytes(18))
    assert isinstance(archive, BatchArchive)
    assert Job.objects.get().payload == {"archive": archive.pk}
    assert batch_progress(batch).state == "unpacking"


def test_a_batch_with_answers_is_not_deleted_by_the_way(batch, owner):
    query = factories.query(batch)
    factories.decision(query, owner, verdict="none")
    with pytest.raises(Conflict, match="answers"):
        batch_delete(batch=batch, by=owner)
    batch_delete(batch=batch, by=owner, with_answers=True)
    assert not Query.objects.exists()


def test_what_others_answered_is_deleted_by_curators_alone(batch, owner, teammate, reviewer, curator):
    query = factories.query(batch)
    factories.decision(query, owner, verdict="none")
    factories.decision(query, teammate, verdict="none")
    for who in (owner, reviewer):
        with pytest.raises(Forbidden, match="others have answered"):
            batch_delete(batch=batch, by=who, with_answers=True)
    assert Query.objects.exists()
    batch_delete(batch=batch, by=curator, with_answers=True)
    assert not Query.objects.exists()


def test_a_name_too_long_is_refused(owner):
    with pytest.raises(Refused, match="201"):
        batch_create(owner=owner, name="x" * 201)
