"""What is written can be read back as it was, whatever the names."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.models import User
from webapp.batches.models import Query
from webapp.datasets.cells import plain_text, spreadsheet_text
from webapp.datasets.exports.rows import Row
from webapp.datasets.exports.writers import table_of
from webapp.gallery.models import Item
from webapp.review.models import Decision
from webapp.search.models import Suggestion

# Neither table nor database can hold a lone surrogate, nor the database a NUL.
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
names = texts.filter(bool)
DAY = datetime(2026, 11, 25, 9, 15, tzinfo=UTC)


@st.composite
def rows(draw) -> Row:
    """A labelled query with unsaved rows around it."""
    query = Query(pk=draw(st.integers(1, 9)), name=draw(names), sha256="ab" * 32)
    items = [Item(pk=number, name=draw(names), character=draw(texts)[:16]) for number in range(1, 7)]
    suggestions = tuple(
        Suggestion(
            item=item,
            rank=rank,
            distance=draw(st.floats(0, 2)),
            confidence=draw(st.floats(0, 1)),
            mirrored=draw(st.booleans()),
            release_id=3,
        )
        for rank, item in enumerate(items[:5], 1)
    )
    item = draw(st.sampled_from([None, *items]))
    label = Decision(
        query=query,
        annotator=User(username=draw(names)),
        verdict="match" if item else "none",
        item=item,
        reason="" if item else "damaged",
        comment=draw(texts),
        release_id=3,
        created=DAY,
    )
    return Row(query, label, suggestions)


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@given(st.lists(rows(), max_size=4))
def test_csv_comes_back(found):
    table = table_of("csv", with_images=False)
    header, *lines = read_csv(table.begin() + "".join(table.line(row) for row in found))
    assert len(lines) == len(found)
    for row, cells in zip(found, lines, strict=True):
        told = {name: plain_text(cell) for name, cell in zip(header, cells, strict=True)}
        assert told["query"] == row.query.name
        assert told["comment"] == row.label.comment
        assert told["item"] == (row.label.item.name if row.label.item else "")
        assert told["decided"] == "2026-11-25T09:15:00.000Z"
        for suggestion in row.suggestions:
            assert told[f"suggestion_{suggestion.rank}"] == suggestion.item.name
            assert abs(float(told[f"distance_{suggestion.rank}"]) - suggestion.distance) < 1e-6


@given(st.lists(rows(), max_size=4))
def test_no_cell_of_csv_is_run_as_a_formula(found):
    table = table_of("csv", with_images=False)
    for cells in read_csv("".join(table.line(row) for row in found)):
        for cell in cells:
            assert not cell.startswith(("=", "@", "\t", "\r", "＝", "＋", "－", "＠"))
            assert not cell.startswith(("+", "-")) or cell[1:].replace(".", "").replace(",", "").isdecimal()


@given(texts)
def test_an_escaped_cell_has_one_inverse(text):
    assert plain_text(spreadsheet_text(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-1.png", "'-1.png"),
        ("-0.5", "-0.5"),
        ("+84", "+84"),
        ("'=1", "''=1"),
        ("'a", "'a"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("字=1", "字=1"),
        ("＝1", "'＝1"),
    ],
)
def test_what_begins_like_a_formula_is_escaped_and_numbers_are_not(text, cell):
    assert spreadsheet_text(text) == cell


@given(st.lists(rows(), max_size=4))
def test_json_lines_come_back(found):
    table = table_of("jsonl", with_images=False)
    text = table.begin() + "".join(table.line(row) for row in found)
    lines = [json.loads(line) for line in text.split("\n")[:-1]]
    assert len(lines) == len(found)
    for row, told in zip(found, lines, strict=True):
        assert told["query"] == row.query.name
        assert told["comment"] == (row.label.comment or None)
        assert [one["distance"] for one in told["suggestions"]] == [one.distance for one in row.suggestions]
        assert [one["item"] for one in told["suggestions"]] == [one.item.name for one in row.suggestions]


@given(st.lists(rows(), max_size=4))
def test_the_courses_format_comes_back(found):
    table = table_of("course", with_images=False)
    header, *lines = read_csv(table.begin() + "".join(table.line(row) for row in found))
    assert header == ["query", "label"]
    for row, (query, label) in zip(found, lines, strict=True):
        told = label.split(",")
        assert query == row.query.name
        assert len(told) == 5
        first = row.label.item or row.suggestions[0].item
        assert told[0] in {first.name.replace(",", "_"), first.name.rpartition("/")[2].replace(",", "_")}


def test_items_of_one_name_keep_their_folders_in_the_courses_format():
    items = [Item(pk=1, name="a/0.stl"), Item(pk=2, name="b/0.stl")]
    suggestions = tuple(Suggestion(item=item, rank=rank) for rank, item in enumerate(items, 1))
    row = Row(Query(name="x/q.png"), None, suggestions)
    assert table_of("course", with_images=False, folder="x/").line(row) == 'q.png,"a/0.stl,b/0.stl"\r\n'


def test_a_query_without_suggestions_is_not_in_the_courses_format():
    assert table_of("course", with_images=False).line(Row(Query(name="q.png"), None, ())) == ""
