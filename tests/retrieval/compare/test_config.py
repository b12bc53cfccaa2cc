from pathlib import Path

import pytest

from common.errors import BadInput
from retrieval.compare.config import contest_names, load_contest
from retrieval.evaluate.methods import METHODS
from retrieval.train.objectives import OBJECTIVES

_START = 'name = "few"\n[shape]\nbody = [1, 1, 1]\n'


def written(folder: Path, methods: str) -> str:
    (folder / "few.toml").write_text(_START + methods)
    return str(folder / "few.toml")


def test_the_shipped_comparison_has_every_method_there_is():
    contest = load_contest("methods")
    assert "methods" in contest_names()
    assert {one.method for one in contest.contestants if one.method} == set(METHODS)
    assert {one.entry.objective for one in contest.contestants if one.entry} == set(OBJECTIVES)


def test_our_rows_change_one_thing_at_a_time():
    """Each row of ours differs from the one before by one setting, and the last by the memory alone."""
    ours = {one.name: one for one in load_contest("methods").contestants if one.name.startswith("margin")}
    told = [(dict(one.entry.options).get("contrast"), one.entry.sources) for one in ours.values()]
    assert list(ours) == ["margin", "margin-contrast", "margin-crops", "margin-rendered", "margin-memory"]
    assert told[:4] == [(0.0, ()), (None, ()), (None, ("crops",)), (None, ("crops", "rendered"))]
    assert ours["margin-memory"].entry is ours["margin-rendered"].entry
    assert ours["margin-memory"].memory
    assert not ours["margin-rendered"].memory


def test_original_methods_learn_from_everything_that_ours_do():
    """An equal footing: all sources, and the one schedule of the configuration."""
    entries = [one.entry for one in load_contest("methods").contestants if one.group.startswith("The orig")]
    assert len(entries) == 5
    assert all(set(entry.sources) == {"crops", "rendered"} for entry in entries)


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        ('[[method]]\nname = "a"\ngroup = "g"', "either an objective"),
        ('[[method]]\nname = "a"\ngroup = "g"\nmethod = "magic"', "known: model, hog"),
        ('[[method]]\nname = "a"\ngroup = "g"\nmethod = "hog"\nmemory = [1.0, 1.0]', "has no memory"),
        ('[[method]]\nname = "a"\ngroup = "g"\nobjective = "triplet"\nsearches = ["magic"]', "known: euclid"),
        (
            '[[method]]\nname = "a"\ngroup = "g"\nobjective = "triplet"\nsources = ["magic"]',
            "unknown sources",
        ),
        ('[[method]]\nname = "a"\ngroup = "g"\nmethod = "hog"\n' * 2, "two methods are called a"),
        ('[[method]]\nname = "a"\ngroup = "g"\nof = "b"', "cannot be used"),
        ('[[method]]\nname = "a"\ngroup = "g"\nquoted = [{ set = "x" }]', "quoted scores have"),
        ('[[method]]\nname = "a"\ngroup = "g"\nmethod = "hog"\nmagic = 1', "cannot be used"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path, methods, words):
    with pytest.raises(BadInput, match=words):
        load_contest(written(tmp_path, methods))


def test_a_comparison_that_is_not_there_is_refused_with_the_list(tmp_path):
    with pytest.raises(BadInput, match="no comparison magic") as caught:
        load_contest("magic")
    assert "methods" in caught.value.hint
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(BadInput, match="no comparison"):
        load_contest(str(tmp_path / "bad.toml"))
