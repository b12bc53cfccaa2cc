"""Every export format is read back by label import, or refused by its name with what to import instead."""

import io
import json
import zipfile

import pytest

from tests import factories
from tests.webapp.datasets.imports.importing import bring, content_of, in_vietnamese
from webapp.datasets.exports.formats import FORMATS
from webapp.datasets.exports.services import export_request, snapshot_export_request
from webapp.review.models import Decision

pytestmark = pytest.mark.django_db
READ = {"csv", "excel", "jsonl", "label_studio"}
INSTEAD = "export the same labels as CSV for Excel, CSV, JSON Lines or Label Studio, and import that"
# The table in each zip, where a format is always one.
TABLES = {"oml": "df.csv", "huggingface": "train/metadata.jsonl", "benchmark": "labels.csv"}


def refused(made) -> tuple[str, str, str]:
    assert made.state == "failed"
    assert not made.rows.exists()
    in_vietnamese(made)
    return made.error_code, made.error, made.hint


@pytest.mark.parametrize("format", sorted(set(FORMATS) - READ - {"folders"}))
def test_what_it_does_not_read_it_names(labelled, queries, items, curator, format):
    factories.suggestions(queries[0], [items[1], items[0]])
    Decision.objects.exclude(item=None).update(fit=factories.fit().stored())
    snapshot = factories.snapshot(curator)
    content = content_of(snapshot_export_request(snapshot=snapshot, owner=curator, format=format))
    name = format
    if not FORMATS[format].ending:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            member = next(
                (one for one in packed.namelist() if one == TABLES.get(format)), packed.namelist()[0]
            )
            content = packed.read(member)
            name = "course" if format == "benchmark" else format
    code, error, hint = refused(bring(curator, content))
    assert code == "not_importable"
    assert f"an export of the format {FORMATS[name].label}," in error
    assert hint == INSTEAD


def test_query_label_of_a_batch_is_named(labelled, batch, curator, owner):
    for content in (
        content_of(export_request(batch=batch, owner=owner, format="course")),
        "\ufeffQuery; Label\r\n0.png;1.stl\r\n",
    ):
        code, error, hint = refused(bring(curator, content))
        assert (code, hint) == ("not_importable", INSTEAD)
        assert "query,label" in error


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"images": [{"id": 1}], "annotations": [], "categories": []}),
        json.dumps({"annotations": [], "info": {}, "images": []}, indent=2),
        '{"info": {"description": "x"}, "licenses": [],\n"images": [\n{"id": 1}',
    ],
)
def test_coco_of_any_maker_is_named(curator, content):
    code, error, hint = refused(bring(curator, content))
    assert (code, hint) == ("not_importable", INSTEAD)
    assert "COCO" in error


def test_one_json_object_is_no_json_lines(curator):
    code, error, _ = refused(bring(curator, json.dumps({"sha256": "0" * 64, "item": "x"}, indent=1)))
    assert code == "not_importable"
    assert "one JSON object" in error


@pytest.mark.parametrize("older", ["triplets", "pairs", "oml", "huggingface"])
def test_files_of_earlier_versions_are_named_too(curator, older):
    keys = sorted(FORMATS[older].signatures[-1])
    content = ",".join(keys) if older == "oml" else json.dumps(dict.fromkeys(keys, ""))
    assert f"the format {FORMATS[older].label}," in refused(bring(curator, content))[1]


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in files.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "error", "hint"),
    [
        (
            zipped(labels_csv="x", images__0_png="y"),
            "the file is a zip",
            "the table of labels in it: labels.csv",
        ),
        (zipped(a_png="x"), "the file is a zip", "labels.csv, labels.jsonl or tasks.json"),
        (zipped(xl__workbook_xml="x"), "the file is an Excel workbook", "as CSV UTF-8"),
        (zipped(mimetype="x", content_xml="x"), "the file is a spreadsheet", "as CSV UTF-8"),
        (zipped(Index__Document_iwa="x"), "the file is a spreadsheet", "as CSV UTF-8"),
        (b"PK\x03\x04cut short", "the file is a zip", "labels.csv, labels.jsonl or tasks.json"),
        (b"\x1f\x8b\x08\x00x", "the file is packed with gzip", "unpack it first"),
    ],
)
def test_what_is_packed_says_what_to_do(curator, content, error, hint):
    code, message, todo = refused(bring(curator, content))
    assert (code, message) == ("bad_labels", error)
    assert hint in todo
