"""A zip of pictures is unpacked into its batch, whatever is wrong with some of them, and however often."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import pictures
from tests.common.archives.zips import Line, make_zip
from webapp.batches.models import BatchArchive, BatchLeftOut, Query
from webapp.batches.selectors import batch_progress
from webapp.batches.services import batch_add_file, batch_close, batch_create
from webapp.batches.unpacking import BatchEntries
from webapp.core.files.blobs import blob_path
from webapp.jobs.models import Job
from workers.tasks.batches.batch_unpack import batch_unpack


class Outcome:
    """Stands for a job's progress."""

    def __init__(self):
        self.said = []

    def report(self, done, total):
        self.said.append((done, total))


@pytest.fixture
def batch(owner):
    return batch_create(owner=owner, name="Kiều")


def zipped(batch, lines) -> BatchArchive:
    return batch_add_file(batch=batch, name="all.zip", stream=io.BytesIO(make_zip(lines)))


def unpack(archive) -> Outcome:
    result = Outcome()
    batch_unpack({"archive": archive.pk}, result)
    return result


MIXED = [
    Line("trang/字10.png".encode(), pictures.png(1, 16)),
    Line("trang/字2.png".encode(), pictures.png(2, 16)),
    Line(b"__MACOSX/._a.png", b"x"),
    Line(b"../up.png", pictures.png(3, 16)),
    Line(b"again.png", pictures.png(1, 16)),
    Line(b"crc.png", pictures.png(4, 16), crc=1),
    Line(b"inner.bin", make_zip([Line(b"a", b"b")])),
    Line(b"notes.txt", b"hello"),
    Line(b"empty.png", b""),
    Line(b"trang/", b""),
]


def test_every_entry_becomes_a_query_or_is_left_out_with_its_reason(batch):
    archive = zipped(batch, MIXED)
    result = unpack(archive)
    archive.refresh_from_db()
    assert archive.state == BatchArchive.State.READY
    assert [query.name for query in Query.objects.order_by("pk")] == [
        "again.png",
        "empty.png",
        "trang/字2.png",
    ]
    assert dict(BatchLeftOut.objects.values_list("name", "code")) == {
        "__MACOSX/._a.png": "junk",
        "../up.png": "path_traversal",
        "trang/字10.png": "duplicate",
        "crc.png": "damaged_entry",
        "inner.bin": "nested_archive",
        "notes.txt": "not_a_picture",
    }
    assert result.said[-1] == (9, 9)
    assert not list(blob_path("aside").parent.parent.glob("aside/*"))


def test_unpacking_twice_changes_nothing(batch):
    archive = zipped(batch, MIXED)
    unpack(archive)
    BatchArchive.objects.update(state=BatchArchive.State.WAITING)
    before = batch_progress(batch), Job.objects.count()
    unpack(archive)
    assert (batch_progress(batch).total, Job.objects.count()) == (before[0].total, before[1])
    assert batch_progress(batch).left_out == before[0].left_out


def test_a_worker_killed_on_the_way_costs_time_only(batch, monkeypatch):
    archive = zipped(batch, MIXED)
    honest, calls = BatchEntries.add, []

    def dies(entries, member):
        calls.append(member)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return honest(entries, member)

    with monkeypatch.context() as patch:
        patch.setattr(BatchEntries, "add", dies)
        with pytest.raises(KeyboardInterrupt):
            unpack(archive)
    unpack(archive)
    assert batch_progress(batch).total == 3
    assert batch_progress(batch).left_out == 6
    asked = [pk for job in Job.objects.filter(kind="queries.match") for pk in job.payload["queries"]]
    assert sorted(asked) == sorted(Query.objects.filter(state="waiting").values_list("pk", flat=True))


def test_the_first_pictures_are_matched_while_the_last_are_unpacked(batch):
    archive = zipped(batch, [Line(b"%d.png" % seed, pictures.png(seed, 12)) for seed in range(70)])
    unpack(archive)
    sizes = [
        len(job.payload["queries"]) for job in Job.objects.filter(kind="queries.match").order_by("created")
    ]
    assert sizes == [32, 32, 6]


def test_pictures_come_in_the_order_in_which_people_count(batch):
    names = [b"10.png", b"2.png", b"1.png", b"b/1.png", b"01.png", b"9" * 5000 + b".png"]
    unpack(zipped(batch, [Line(name, pictures.png(seed, 12)) for seed, name in enumerate(names)]))
    found = [query.name[:8] for query in Query.objects.order_by("pk")]
    assert found == ["01.png", "1.png", "2.png", "10.png", "9" * 8, "b/1.png"]


def test_a_broken_zip_is_named_and_the_batch_is_ready(batch):
    content = make_zip([Line(b"a.png", pictures.png(1))])[:-30]
    archive = batch_add_file(batch=batch, name="half.zip", stream=io.BytesIO(content))
    unpack(archive)
    archive.refresh_from_db()
    assert (archive.state, archive.error_code) == (BatchArchive.State.REJECTED, "truncated_zip")
    left = BatchLeftOut.objects.get()
    assert left.name == "half.zip"
    assert "half.zip" in left.reason
    assert batch_progress(batch).state == "ready"


def test_an_empty_zip_is_said_to_be_empty(batch):
    archive = batch_add_file(batch=batch, name="none.zip", stream=io.BytesIO(make_zip([Line(b"folder/")])))
    unpack(archive)
    assert [(left.name, left.code) for left in batch.left_out.all()] == [("none.zip", "empty")]


def test_the_same_zip_twice_is_unpacked_once(batch):
    zipped(batch, MIXED)
    assert zipped(batch, MIXED).code == "duplicate"


def test_a_batch_deleted_meanwhile_is_let_go(batch):
    archive = zipped(batch, MIXED)
    pk = archive.pk
    batch.delete()
    result = Outcome()
    batch_unpack({"archive": pk}, result)
    assert result.said == []
    assert not Query.objects.exists()
    assert not BatchLeftOut.objects.exists()


def left_out(batch) -> list[tuple]:
    """(name, name of its zip, code) of what was left out."""
    return list(batch.left_out.order_by("pk").values_list("name", "archive__name", "code"))


@pytest.mark.parametrize("before", [b"MZ a program", b"#!/bin/sh\n", b"\x7fELF" + bytes(90)])
def test_a_zip_that_unpacks_itself_is_a_zip(batch, before):
    content = make_zip([Line(b"a.png", pictures.png(1, 16))], before=before)
    unpack(batch_add_file(batch=batch, name="setup.exe", stream=io.BytesIO(content)))
    assert [query.name for query in batch.queries.all()] == ["a.png"]
    assert left_out(batch) == []


def test_a_picture_with_a_zip_behind_it_stays_a_picture(batch):
    content = pictures.png(1, 16) + make_zip([Line(b"a.png", pictures.png(2, 16))])
    assert isinstance(batch_add_file(batch=batch, name="a.png", stream=io.BytesIO(content)), Query)


def test_every_part_of_a_split_zip_is_called_one(batch):
    whole = make_zip([Line(b"a.png", pictures.png(1, 64))])
    last = whole[200:].replace(b"PK\5\6\0\0", b"PK\5\6\2\0")
    for name, content in (
        ("x.z01", b"PK\7\x08PK\3\4" + whole[4:100]),
        ("x.z02", whole[100:200]),
        ("x.zip", last),
    ):
        row = batch_add_file(batch=batch, name=name, stream=io.BytesIO(content))
        if isinstance(row, BatchArchive):
            unpack(row)
    assert [(name, code) for name, _, code in left_out(batch)] == [
        ("x.z01", "split_zip"), ("x.z02", "split_zip"), ("x.zip", "split_zip"),
    ]  # fmt: skip
    assert all("split" in row.reason for row in batch.left_out.all())


def test_what_is_left_out_says_of_which_zip(batch):
    for name in ("north.zip", "south.zip"):
        lines = [Line(b"notes.txt", b"hello"), Line(b".DS_Store", b"x"), Line(name.encode() + b".png", b"")]
        unpack(batch_add_file(batch=batch, name=name, stream=io.BytesIO(make_zip(lines))))
    assert sorted(left_out(batch)) == [
        (".DS_Store", "north.zip", "junk"),
        (".DS_Store", "south.zip", "junk"),
        ("notes.txt", "north.zip", "not_a_picture"),
        ("notes.txt", "south.zip", "not_a_picture"),
        ("south.zip.png", "south.zip", "empty"),
    ]


JUNK = [Line(b"d%d/._%d.txt" % (number % 100, number), method=0) for number in range(10_000)]


class TestOthersWait:
    """Whoever drops one picture waits for no zip of many files, however small it is."""

    @pytest.mark.parametrize(
        ("lines", "queue"),
        [
            ([Line(b"%d.png" % seed, pictures.png(seed, 12)) for seed in range(24)], "interactive"),
            ([Line(b"a.png", pictures.png(1, 12)), *(Line(b"d%d/" % at) for at in range(60))], "interactive"),
            ([Line(b"%d.png" % seed, pictures.png(seed, 12)) for seed in range(25)], "batch"),
            (JUNK, "batch"),
            ([Line(b"white.bmp", bytes(64 << 20)), Line(b"black.bmp", bytes(1 << 20))], "batch"),
            ([Line(b"a.png", b"x", flags=1)], "interactive"),
        ],
    )
    def test_the_queue_of_a_zip_is_that_of_its_files(self, batch, lines, queue):
        zipped(batch, lines)
        assert Job.objects.get().queue == queue

    def test_a_picture_dropped_after_a_zip_of_junk_is_first(self, batch, teammate):
        content = make_zip(JUNK)
        assert len(content) < 2 << 20
        batch_add_file(batch=batch, name="junk.zip", stream=io.BytesIO(content))
        other = batch_create(owner=teammate, name="one")
        batch_add_file(batch=other, name="a.png", stream=io.BytesIO(pictures.png(1, 16)))
        batch_close(batch=other)
        first = Job.objects.filter(queue="interactive").order_by("created").first()
        assert first.payload == {"queries": [other.queries.get().pk]}

    @pytest.mark.parametrize("name", [b"._%d.png", b"%d.txt", b"../%d.png"])
    def test_ten_thousand_files_that_are_none_take_few_statements(self, batch, name):
        archive = zipped(batch, [Line(name % number, b"x", method=0) for number in range(10_000)])
        with CaptureQueriesContext(connection) as asked:
            unpack(archive)
        assert batch.left_out.count() == 10_000
        assert len(asked) < 200
