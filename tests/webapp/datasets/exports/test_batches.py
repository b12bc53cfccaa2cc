"""Exports of a batch are written whole, read back as they were, and fail in words."""

import errno
import hashlib
import io
import json
import zipfile

import pytest

from tests import factories
from tests.progress import FakeProgress
from tests.webapp.datasets.exports import writing
from tests.webapp.datasets.exports.writing import csv_rows
from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.selectors import export_file_name, export_path
from webapp.datasets.exports.services import export_request
from webapp.datasets.models import Export
from webapp.jobs.models import Job
from webapp.review.answer import Match
from webapp.review.answering.remarks import remark_add
from webapp.review.answering.services import decision_withdraw
from workers.tasks.datasets.export_write import export_write


@pytest.fixture
def batch(owner):
    """Four queries of six items: confirmed at rank 2, matched outside the five, none, and unanswered."""
    batch = factories.batch(owner, name="Kiều/翹")
    items = [factories.item(seed=n, name=f"database/{n}.stl", character="字") for n in range(6)]
    queries = [factories.query(batch, seed=n, name=f"queries/{n}.png") for n in range(4)]
    for query in queries:
        factories.suggestions(query, items[:5])
    factories.answer(
        query=queries[0],
        annotator=owner,
        verdict="match",
        item=items[1],
        relation="same_carving",
        comment="=1+1",
    )
    factories.answer(query=queries[1], annotator=owner, verdict="match", item=items[5])
    factories.answer(query=queries[2], annotator=owner, verdict="none", reason="damaged")
    factories.answer(query=queries[3], annotator=owner, verdict="match", item=items[0])
    decision_withdraw(query=queries[3], annotator=owner)
    return batch


def written(batch, owner, format, with_images=False) -> bytes:
    return writing.written(export_request(batch=batch, owner=owner, format=format, with_images=with_images))


def test_csv_holds_the_labels_and_their_making(batch, owner):
    rows = csv_rows(written(batch, owner, "csv"))
    assert [(row["query"], row["verdict"], row["item"], row["reason"]) for row in rows] == [
        ("queries/0.png", "match", "database/1.stl", ""),
        ("queries/1.png", "match", "database/5.stl", ""),
        ("queries/2.png", "none", "", "damaged"),
    ]
    assert rows[0]["codepoint"] == "U+5B57"
    assert rows[0]["comment"] == "=1+1"
    assert (rows[0]["suggestion_2"], rows[0]["distance_2"]) == ("database/1.stl", "0.2")
    assert rows[0]["annotator"] == "owner"
    assert int(rows[0]["release"]) == factories.release().pk


def test_csv_for_excel_is_the_same_and_runs_no_formula(batch, owner):
    content = written(batch, owner, "excel")
    assert content.startswith(b"\xef\xbb\xbfquery_id,query,")
    rows = csv_rows(content)
    assert rows[0]["comment"] == "'=1+1"
    plain = csv_rows(written(batch, owner, "csv"))
    assert [row | {"comment": ""} for row in rows] == [row | {"comment": ""} for row in plain]


def test_json_lines_hold_everything(batch, owner):
    rows = [json.loads(line) for line in written(batch, owner, "jsonl").decode().splitlines()]
    assert len(rows) == 3
    first = rows[0]
    assert first["relation"] == "same_carving"
    assert first["comment"] == "=1+1"
    assert first["decided"].endswith("Z")
    assert [one["rank"] for one in first["suggestions"]] == [1, 2, 3, 4, 5]
    assert first["suggestions"][1] | {"item_id": 0} == {
        "rank": 2,
        "item_id": 0,
        "item": "database/1.stl",
        "character": "字",
        "codepoint": "U+5B57",
        "distance": 0.2,
        "confidence": 0.45,
        "mirrored": True,
        "release": factories.release().pk,
    }
    assert rows[2]["item"] is None


def test_the_course_format_is_as_the_course_has_it(batch, owner):
    assert written(batch, owner, "course") == (
        b"query,label\r\n"
        b'0.png,"1.stl,0.stl,2.stl,3.stl,4.stl"\r\n'
        b'1.png,"5.stl,0.stl,1.stl,2.stl,3.stl"\r\n'
        b'2.png,"0.stl,1.stl,2.stl,3.stl,4.stl"\r\n'
        b'3.png,"0.stl,1.stl,2.stl,3.stl,4.stl"\r\n'
    )


def test_further_matches_and_comments_leave_with_their_label(batch, owner, curator):
    query = batch.queries.order_by("pk")[1]
    items = list(factories.Item.objects.order_by("pk"))
    also = [Match(items[3], "variant"), Match(items[0])]
    words = {"verdict": "match", "item": items[5], "also": also, "comment": "hai bản"}
    factories.answer(query=query, annotator=owner, **words)
    remark_add(query=query, annotator=curator, text="see page 3", flag=True)

    row = csv_rows(written(batch, owner, "csv"))[1]
    assert row["also_item_ids"] == f"{items[3].pk}; {items[0].pk}"
    assert row["also_items"] == "database/3.stl; database/0.stl"
    assert row["also_relations"] == "variant; "
    assert row["comments"] == "owner: hai bản; curator: see page 3"
    assert csv_rows(written(batch, owner, "csv"))[0]["also_items"] == ""

    row = json.loads(written(batch, owner, "jsonl").decode().splitlines()[1])
    assert [(one["item_id"], one["relation"]) for one in row["also"]] == [
        (items[3].pk, "variant"),
        (items[0].pk, None),
    ]
    assert row["also"][0]["codepoint"] == "U+5B57"
    assert [(one["annotator"], one["comment"]) for one in row["comments"]] == [
        ("owner", "hai bản"),
        ("curator", "see page 3"),
    ]
    course = written(batch, owner, "course").decode().splitlines()
    assert course[2] == '1.png,"5.stl,3.stl,0.stl,1.stl,2.stl"'


@pytest.mark.parametrize(("format", "table"), [("csv", "labels.csv"), ("jsonl", "labels.jsonl")])
def test_with_images_the_pictures_lie_where_the_table_says(batch, owner, format, table):
    with zipfile.ZipFile(io.BytesIO(written(batch, owner, format, with_images=True))) as packed:
        assert packed.testzip() is None
        result = packed.read(table)
        rows = csv_rows(result) if format == "csv" else [json.loads(line) for line in result.splitlines()]
        assert sorted(packed.namelist()) == sorted([table, *(row["image"] for row in rows)])
        for row in rows:
            assert hashlib.sha256(packed.read(row["image"])).hexdigest() == row["sha256"]


def test_the_course_format_with_images_names_them(batch, owner):
    with zipfile.ZipFile(io.BytesIO(written(batch, owner, "course", with_images=True))) as packed:
        rows = csv_rows(packed.read("labels.csv"))
        assert [row["query"] for row in rows] == ["0.png", "1.png", "2.png", "3.png"]
        assert {f"images/{row['query']}" for row in rows} | {"labels.csv"} == set(packed.namelist())


def test_the_same_labels_make_the_same_file(batch, owner):
    for format in ("excel", "csv", "jsonl", "course"):
        assert written(batch, owner, format, True) == written(batch, owner, format, True)


def test_a_picture_that_is_gone_leaves_its_row(batch, owner):
    query = batch.queries.first()
    blob_path(query.sha256).unlink()
    with zipfile.ZipFile(io.BytesIO(written(batch, owner, "csv", with_images=True))) as packed:
        assert [row["image"] for row in csv_rows(packed.read("labels.csv"))] == [
            "", "images/1.png", "images/2.png",
        ]  # fmt: skip


def test_a_batch_without_answers_makes_a_table_without_rows(owner):
    batch = factories.batch(owner)
    assert csv_rows(written(batch, owner, "csv")) == []
    assert written(batch, owner, "jsonl") == b""
    assert written(batch, owner, "course") == b"query,label\r\n"


def test_writing_twice_changes_nothing(batch, owner):
    export = export_request(batch=batch, owner=owner, format="csv")
    export_write({"export": str(export.pk)}, FakeProgress())
    before = export_path(export).stat().st_mtime_ns
    export_write({"export": str(export.pk)}, FakeProgress())
    assert export_path(export).stat().st_mtime_ns == before


def test_an_export_of_a_deleted_batch_is_let_go(batch, owner):
    export = export_request(batch=batch, owner=owner, format="csv")
    pk = str(export.pk)
    export.delete()
    export_write({"export": pk}, FakeProgress())


@pytest.mark.parametrize("with_images", [False, True])
@pytest.mark.parametrize("room", [0, 10, 200, 700])
def test_a_full_disk_is_reported_and_leaves_no_half_file(batch, owner, monkeypatch, with_images, room, data):
    class FullDisk(io.FileIO):
        left = room

        def write(self, content):
            type(self).left -= len(content)
            if type(self).left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(content)

    def full(path):
        return io.BufferedWriter(FullDisk(path, "x"), 16)

    export = export_request(batch=batch, owner=owner, format="jsonl", with_images=with_images)
    with monkeypatch.context() as patch:
        patch.setattr("workers.tasks.datasets.export_write.open_private", full)
        export_write({"export": str(export.pk)}, FakeProgress())
    export.refresh_from_db()
    assert export.state == Export.State.FAILED
    assert "disk is full" in export.error
    assert export.hint
    assert list((data / "exports").iterdir()) == []


def test_a_worker_that_lost_its_lease_leaves_nothing(batch, owner, data):
    class Lost(FakeProgress):
        def report(self, done, total):
            raise RuntimeError("lost")

    export = export_request(batch=batch, owner=owner, format="csv")
    with pytest.raises(RuntimeError, match="lost"):
        export_write({"export": str(export.pk)}, Lost())
    assert list((data / "exports").iterdir()) == []


def test_it_is_asked_for_polled_and_fetched_by_programs(batch, owner, api):
    client = api(owner)
    asked = client.post(
        "/api/v1/exports/", {"batch": batch.pk, "format": "csv", "images": True}, format="json"
    ).json()
    assert (asked["status"], asked["with_images"], asked["download"]) == ("waiting", True, None)
    address = f"/api/v1/exports/{asked['id']}/"
    assert client.get(f"{address}download/").status_code == 409
    export_write({"export": asked["id"]}, FakeProgress())
    ready = client.get(address).json()
    assert ready["status"] == "ready"
    answer = client.get(ready["download"])
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == ready["sha256"]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Ki%E1%BB%81u_%E7%BF%B9.zip")
    export_path(Export.objects.get()).unlink()
    assert client.get(ready["download"]).json()["code"] == "file_gone"


def test_a_failed_export_says_why(batch, owner, api):
    export = export_request(batch=batch, owner=owner, format="csv")
    why = {"error": "the disk is full", "hint": "make room"}
    Export.objects.update(state="failed", error_code="disk_full", **why)
    answer = api(owner).get(f"/api/v1/exports/{export.pk}/").json()
    assert answer["error"] == {"code": "disk_full", "message": "the disk is full", "hint": "make room"}
    assert api(owner).get(f"/api/v1/exports/{export.pk}/download/").status_code == 409


@pytest.mark.parametrize(
    ("name", "format", "found"),
    [("a/b", "course", "a_b-course.csv"), ("..", "jsonl", "batch.jsonl"), ("Kiều 翹", "csv", "Kiều 翹.csv")],
)
def test_a_file_is_named_after_its_batch(owner, name, format, found):
    export = Export(batch=factories.batch(owner, name=name), owner=owner, format=format)
    assert export_file_name(export) == found


def test_a_small_export_goes_before_big_batches(batch, owner, monkeypatch):
    queues = []
    for most in (1000, 3):
        monkeypatch.setattr("webapp.datasets.exports.services._QUICK_QUERIES", most)
        export = export_request(batch=batch, owner=owner, format="csv")
        queues.append(Job.objects.get(subject=f"export:{export.pk}").queue)
    assert queues == ["interactive", "batch"]


def test_many_rows_take_few_questions(batch, owner, django_assert_max_num_queries):
    export = export_request(batch=batch, owner=owner, format="jsonl")
    with django_assert_max_num_queries(16):
        export_write({"export": str(export.pk)}, FakeProgress())
    export.refresh_from_db()
    assert export.state == "ready"
