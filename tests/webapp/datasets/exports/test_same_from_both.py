"""A format is one format: the same labels make the same file, out of a batch and out of a snapshot.

What differs: a snapshot's labels stand in the order of their digests, a batch's in the order of its upload;
a snapshot has no pictures that are unsure or unanswered.
"""

import hashlib
import json

import pytest

from tests import factories
from tests.webapp.datasets.exports.writing import csv_rows, unpacked, written
from webapp.datasets.exports.formats import FORMATS, formats_of
from webapp.datasets.exports.services import export_request, snapshot_export_request
from webapp.datasets.snapshots.files import snapshot_folder
from webapp.datasets.snapshots.manifest import canonical
from webapp.review.answer import Match
from webapp.review.answering.remarks import remark_add

pytestmark = pytest.mark.django_db
SHARED = [format.name for format in formats_of("batch")]
TABLES = [name for name in SHARED if FORMATS[name].ending]


@pytest.fixture
def items():
    names = ["a/0.stl", "b/0.stl", "c, d.stl", "=1.stl", "0012", "x/5.stl"]
    characters = ["字", "\uf914", "葛\U000e0100", "", "𠄎", "樂"]
    return [
        factories.item(seed=n, name=name, character=character)
        for n, (name, character) in enumerate(zip(names, characters, strict=True))
    ]


@pytest.fixture
def batch(owner, curator, items):
    """Labelled pictures, uploaded in the order of their digests."""
    batch = factories.batch(owner, name="=Kiều, 翹")
    drafts = [factories.query(factories.batch(owner), seed=n) for n in range(5)]
    order = sorted(range(5), key=lambda n: drafts[n].sha256)
    for draft in drafts:
        draft.delete()
    queries = [factories.query(batch, seed=n, name=f"trang 13/{n}.png") for n in order]
    for query in queries:
        factories.suggestions(query, items[:5])
    words = {"relation": "same_carving", "comment": "1e5"}
    factories.answer(query=queries[0], annotator=owner, verdict="match", item=items[1], **words)
    also = [Match(items[4], "variant"), Match(items[0])]
    factories.answer(query=queries[1], annotator=owner, verdict="match", item=items[2], also=also)
    factories.answer(query=queries[2], annotator=owner, verdict="none", reason="damaged")
    factories.answer(query=queries[3], annotator=owner, verdict="match", item=items[3])
    factories.answer(query=queries[4], annotator=owner, verdict="match", item=items[5])
    remark_add(query=queries[1], annotator=curator, text="see page 3", flag=True)
    return batch


def both(batch, owner, curator, format, **how) -> tuple[bytes, bytes]:
    snapshot = factories.snapshot(curator)
    return (
        written(export_request(batch=batch, owner=owner, format=format, **how)),
        written(snapshot_export_request(snapshot=snapshot, owner=curator, format=format, **how)),
    )


def test_these_formats_are_shared():
    assert SHARED == ["excel", "csv", "jsonl", "course", "aligned_pairs"]


@pytest.mark.parametrize("format", TABLES)
def test_a_table_is_the_same_byte_for_byte(batch, owner, curator, format):
    of_batch, of_snapshot = both(batch, owner, curator, format)
    assert of_batch == of_snapshot
    assert of_batch


@pytest.mark.parametrize("format", SHARED)
def test_with_pictures_it_is_the_same_file_for_file(batch, owner, curator, format):
    of_batch, of_snapshot = both(batch, owner, curator, format, with_images=True)
    assert unpacked(of_batch) == unpacked(of_snapshot)
    assert len(unpacked(of_batch)) == (6 if format in TABLES else 1)  # nothing was laid over these


@pytest.mark.parametrize("format", TABLES)
def test_a_snapshot_leaves_out_what_is_unsure_or_unanswered(batch, owner, curator, items, format):
    unsure, unanswered = (factories.query(batch, seed=n, name=f"trang 13/{n}.png") for n in (6, 7))
    for query in (unsure, unanswered):
        factories.suggestions(query, items[:5])
    factories.answer(query=unsure, annotator=owner, verdict="unsure")
    of_batch, of_snapshot = both(batch, owner, curator, format)
    extra = {"course": 2}.get(format, 1)
    lines = of_batch.splitlines(keepends=True)
    assert lines[:-extra] == of_snapshot.splitlines(keepends=True)


def test_old_columns_are_there(batch, owner, curator):
    """Those that batches had, and those that snapshots had; scripts go by them."""
    for content in both(batch, owner, curator, "csv"):
        (first, *_) = csv_rows(content)
        assert {"query_id", "query", "sha256", "item_id", "item", "item_sha256", "also_items"} <= set(first)
        assert {"name", "batch", "split", "codepoint", "release", "image", "suggestion_5"} <= set(first)
        assert first["name"] == first["query"]
    for content in both(batch, owner, curator, "jsonl"):
        first = json.loads(content.splitlines()[0])
        assert {"sha256", "item_sha256", "also", "comments", "suggestions"} <= set(first)
        assert {"matches", "origin", "split", "batch", "image"} <= set(first)


def test_a_snapshot_names_pictures_and_blocks(batch, owner, curator, items):
    for content in both(batch, owner, curator, "csv"):
        rows = {row["item"]: row for row in csv_rows(content)}
        assert set(rows) == {"b/0.stl", "c, d.stl", "", "=1.stl", "x/5.stl"}
        assert rows["c, d.stl"]["also_items"] == "0012; a/0.stl"
        assert rows["c, d.stl"]["item_sha256"] == items[2].sha256
        assert all(row["query"].startswith("trang 13/") for row in rows.values())


def test_names_are_as_they_were_when_the_snapshot_was_frozen(batch, curator, items):
    snapshot = factories.snapshot(curator)
    items[5].name = "another.stl"
    items[5].save()
    export = snapshot_export_request(snapshot=snapshot, owner=curator, format="csv")
    assert "x/5.stl" in {row["item"] for row in csv_rows(written(export))}


def make_older(snapshot) -> None:
    """Take out what snapshots did not keep at first: blocks' names, and comments beside no answer."""
    path = snapshot_folder(snapshot.number) / "origins.jsonl"
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        origin = json.loads(line)
        del origin["matches"], origin["comments"]
        for one in origin["suggestions"]:
            del one["item_id"], one["item_name"]
        lines.append(canonical(origin))
    path.write_text("".join(lines), encoding="utf-8")
    snapshot.origins = hashlib.sha256(path.read_bytes()).hexdigest()
    snapshot.save()


@pytest.mark.parametrize("format", ["csv", "jsonl", "course"])
def test_a_snapshot_of_an_older_version_is_exported_with_the_names_of_now(batch, curator, items, format):
    """Those of several matches are told apart by what was chosen first; the further ones have no order."""
    snapshot = factories.snapshot(curator)

    def lines() -> list[bytes]:
        export = snapshot_export_request(snapshot=snapshot, owner=curator, format=format)
        return written(export).splitlines()

    new = lines()
    make_older(snapshot)
    old = lines()
    assert len(old) == len(new)
    different = [one for one, other in zip(old, new, strict=True) if one != other]
    if format != "jsonl":  # which has the origin itself, as it was frozen
        assert all(b"c_ d.stl," in one or b"c, d.stl" in one for one in different)
    if format == "csv":
        rows = {row["item"]: row for row in csv_rows(b"\r\n".join(old))}
        assert set(rows["c, d.stl"]["also_items"].split("; ")) == {"0012", "a/0.stl"}
        assert rows["b/0.stl"]["comments"] == "owner: 1e5"
