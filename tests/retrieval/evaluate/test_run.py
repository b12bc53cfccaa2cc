import json

import numpy as np
import pytest

from retrieval.errors import BadSet
from retrieval.evaluate.methods.by_name import open_method
from retrieval.evaluate.run import evaluate
from retrieval.io.sets import read_set
from tests.retrieval.evaluate.folders import write_set


@pytest.fixture
def folder(tmp_path):
    return write_set(tmp_path / "small")


def report_of(folder):
    return evaluate(read_set(folder), open_method("hog"))


def test_scores_a_set_in_all_and_by_kind(folder):
    report = report_of(folder)
    assert (report.set_name, report.method, report.items) == ("small", "hog", 6)
    assert report.all.queries == 12
    assert set(report.by_kind) == {"print", "style"}
    assert report.by_kind["print"].recall_at_1.mean == 1
    halves = [report.by_kind[kind].mrr_at_5.mean for kind in ("print", "style")]
    assert report.all.mrr_at_5.mean == pytest.approx(np.mean(halves))
    assert report.bad_items == report.bad_queries == report.unlabelled == ()
    assert [result.query for result in report.queries[:2]] == ["0.png", "1.png"]


def test_what_cannot_be_read_is_named_and_counted(folder):
    whole = report_of(folder)
    (folder / "database" / "5.stl").write_bytes(b"")
    (folder / "queries" / "0.png").write_bytes(b"<svg/>")
    (folder / "queries" / "2.png").unlink()
    (folder / "queries" / "extra.png").write_bytes(b"")
    report = report_of(folder)
    assert [failure.name for failure in report.bad_items] == ["5.stl"]
    assert [failure.name for failure in report.bad_queries] == ["0.png", "2.png"]
    assert report.unlabelled == ("extra.png",)
    assert report.items == 5
    assert report.all.queries == whole.all.queries == 12
    lost = {result.query for result in report.queries if not result.found}
    assert lost == {"0.png", "2.png"}
    text = report.as_text()
    assert "1 items could not be read and were left out" in text
    assert "2 queries could not be read and count as not found" in text
    assert "0.png is an SVG drawing" in text


def test_without_kinds_there_is_one_row(folder):
    (folder / "kinds.csv").unlink()
    report = report_of(folder)
    assert report.by_kind == {}
    assert report.as_text().count("[") == 3


def test_the_table_says_what_the_numbers_say(folder):
    report = report_of(folder)
    line = next(line for line in report.as_text().splitlines() if line.startswith("all"))
    one = report.all.mrr_at_5
    assert line.split()[1] == "12"
    assert f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" in line


def test_json_holds_all_of_it(folder):
    held = json.loads(json.dumps(report_of(folder).as_json()))
    assert held["all"]["mrr_at_5"].keys() == {"mean", "low", "high"}
    assert held["by_kind"]["print"]["queries"] == 6
    assert held["queries"][0]["relevant"] == ["0.stl"]
    assert len(held["queries"][0]["found"]) == 5


def test_a_set_without_one_readable_item_is_refused(folder):
    for path in (folder / "database").iterdir():
        path.write_bytes(b"junk")
    with pytest.raises(BadSet, match=r"not one item of small can be read; the first: .*0\.stl"):
        report_of(folder)


def test_where_the_set_tells_carvings_apart_both_scores_are_given(folder):
    (folder / "same.csv").write_text('query,label\n0.png,"0.stl,1.stl,2.stl,3.stl,4.stl,5.stl"\n')
    report = report_of(folder)
    ranks = {result.query: result.rank_of_character for result in report.queries}
    assert ranks["0.png"] == 1
    assert ranks["1.png"] == next(result.rank for result in report.queries if result.query == "1.png")
    assert report.character.queries == 12
    assert report.character.mrr_at_5.mean >= report.all.mrr_at_5.mean
    assert report.character_by_kind.keys() == report.by_kind.keys()
    text = report.as_text()
    assert "the very carving, queries of kind" in text
    assert "its character, queries of kind" in text
    assert json.loads(json.dumps(report.as_json()))["character"]["queries"] == 12


def test_without_same_there_is_one_score(folder):
    report = report_of(folder)
    assert report.character is None
    assert "carving" not in report.as_text()


def test_a_set_whose_same_names_what_is_not_there_is_refused(folder):
    (folder / "same.csv").write_text("query,label\n0.png,99.stl\n")
    with pytest.raises(BadSet, match=r"99\.stl"):
        report_of(folder)
