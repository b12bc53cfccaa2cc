"""The page of the compared methods says what its results say."""

import json
from pathlib import Path

from retrieval.compare.config import load_comparison
from retrieval.compare.results import as_markdown, with_tables

DOCS = Path(__file__).parents[3] / "docs"


def rows() -> list[dict]:
    return json.loads((DOCS / "results" / "methods.json").read_text())["rows"]


def test_the_page_holds_the_tables_of_its_results():
    page = DOCS / "methods.md"
    assert page.read_text() == with_tables(page, as_markdown(rows()))


def test_every_method_of_the_configuration_has_its_row_on_both_sets():
    methods = load_comparison("methods").methods
    found = {(row["method"], row["search"], row["set"]) for row in rows()}
    assert found == {
        (one.name, search, where)
        for one in methods
        for search in one.searches
        for where in ("blocks", "kieu")
    }


def test_what_was_trained_was_trained_alike():
    """Equal numbers of inputs and batches, and the settings of the configuration."""
    results = json.loads((DOCS / "results" / "methods.json").read_text())
    costs = [row["training"] for row in rows() if row["training"]]
    assert len({(cost["images"], cost["batches"]) for cost in costs}) == 1
    assert results["schedule"]["images"] == load_comparison("methods").schedule.images
