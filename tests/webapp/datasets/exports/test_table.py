"""What is written can be read back as it was, whatever the names."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.characters import codepoints
from webapp.datasets.cells import plain_text
from webapp.datasets.exports.formats import FORMATS
from webapp.datasets.exports.sources.source import Source
from webapp.datasets.snapshots.manifest import Label, Match

# Neither table nor database can hold a lone surrogate, nor the database a NUL.
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
names = texts.filter(bool)
DAY = datetime(2026, 11, 25, 9, 15, tzinfo=UTC)
Entry = tuple[Label, dict]


@st.composite
def entries(draw) -> Entry:
    """A labelled picture with its origin, as a snapshot keeps it; its items share a few drawn texts."""
    called = draw(st.tuples(names, names, texts))
    distance, confidence, mirrored = draw(st.tuples(st.floats(0, 2), st.floats(0, 1), st.booleans()))
    items = [
        {"item": f"{number:064x}", "item_id": number, "character": called[2][:16]}
        | {"item_name": called[number % 2] + str(number) * (number > 2)}
        for number in range(1, 7)
    ]
    suggestions = [
        item
        | {"rank": rank, "distance": distance / rank, "confidence": confidence / rank}
        | {"mirrored": mirrored, "release": 3}
        for rank, item in enumerate(items[:5], 1)
    ]
    item = draw(st.sampled_from([None, *items]))
    matches = (Match(item["item"], item["character"]),) if item else ()
    decision = {"id": 7, "annotator": draw(names), "comment": draw(texts), "release": 3, "gold": False}
    origin = {
        "query_id": draw(st.integers(1, 9)),
        "name": draw(names),
        "batch": draw(names),
        "label": 7,
        "matches": [{key: item[key] for key in ("item", "item_id", "item_name")}] if item else [],
        "decisions": [decision | {"decided": "2026-11-25T09:15:00.000Z"}],
        "comments": [],
        "suggestions": suggestions,
    }
    return Label("ab" * 32, "match" if item else "none", matches, "" if item else "damaged"), origin


def written(format: str, found: list[Entry]) -> bytes:
    """The table of these labels."""
    source = Source("set", DAY, lambda: iter(found), "block", with_files=False, report=lambda done: None)
    (member,) = FORMATS[format].write(source)
    return b"".join(member.content)


def read_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return header, lines


@pytest.mark.parametrize("format", ["csv", "excel"])
@given(found=st.lists(entries(), max_size=4))
def test_csv_comes_back(format, found):
    read = plain_text if format == "excel" else str
    header, lines = read_csv(written(format, found))
    assert len(lines) == len(found)
    for (label, origin), cells in zip(found, lines, strict=True):
        row = {name: read(cell) for name, cell in zip(header, cells, strict=True)}
        assert row["query"] == row["name"] == origin["name"]
        assert row["comment"] == origin["decisions"][0]["comment"]
        assert row["item"] == (origin["matches"][0]["item_name"] if label.matches else "")
        assert row["codepoint"] == (codepoints(label.matches[0].character) if label.matches else "")
        assert row["decided"] == "2026-11-25T09:15:00.000Z"
        for one in origin["suggestions"]:
            assert row[f"suggestion_{one['rank']}"] == one["item_name"]
            assert abs(float(row[f"distance_{one['rank']}"]) - one["distance"]) < 1e-6


@given(st.lists(entries(), max_size=4))
def test_no_cell_of_csv_for_excel_is_run_as_a_formula(found):
    for cells in read_csv(written("excel", found))[1]:
        for cell in cells:
            assert not cell.startswith(("=", "@", "\t", "\r", "＝", "＋", "－", "＠"))
            assert not cell.startswith(("+", "-")) or cell[1:].replace(".", "").replace(",", "").isdecimal()


@given(st.lists(entries(), max_size=4))
def test_json_lines_come_back(found):
    lines = [json.loads(line) for line in written("jsonl", found).decode().split("\n")[:-1]]
    assert len(lines) == len(found)
    for (label, origin), line in zip(found, lines, strict=True):
        assert line["query"] == origin["name"]
        assert line["sha256"] == label.query
        assert line["comment"] == (origin["decisions"][0]["comment"] or None)
        for name, of in (("distance", "distance"), ("item", "item_name")):
            assert [one[name] for one in line["suggestions"]] == [one[of] for one in origin["suggestions"]]
        assert line["origin"] == origin
