from pathlib import Path

import pytest

from common.errors import BadInput
from common.objectives import USUAL
from retrieval.compare.config import CONFIGS, load_comparison
from retrieval.evaluate.methods.by_name import METHODS
from retrieval.train.objectives import OBJECTIVES
from retrieval.train.runtime.settings import config_names

_START = 'name = "few"\n[shape]\nbody = [1, 1, 1]\n'


def written(folder: Path, methods: str) -> str:
    (folder / "few.toml").write_text(_START + methods)
    return str(folder / "few.toml")


def test_the_shipped_comparison_has_every_method_there_is():
    shipped = load_comparison("methods")
    assert "methods" in config_names(CONFIGS)
    # The embedding alone is the product's own way without its second stage, which moves no character.
    assert {one.method for one in shipped.methods if one.method} == set(METHODS) - {"embedding"}
    # The contrast by itself is for fine-tuning; here it comes with the margin softmax.
    trained = {one.training.objective for one in shipped.methods if one.training}
    assert trained == set(OBJECTIVES) - {USUAL}


def test_our_rows_change_one_thing_at_a_time():
    """Each row of ours differs from the one before by one setting, and the last by the memory alone."""
    ours = {one.name: one for one in load_comparison("methods").methods if one.name.startswith("margin")}
    settings = [(dict(one.training.options).get("contrast"), one.training.sources) for one in ours.values()]
    assert list(ours) == ["margin", "margin-contrast", "margin-crops", "margin-rendered", "margin-memory"]
    assert settings[:4] == [(0.0, ()), (None, ()), (None, ("crops",)), (None, ("crops", "rendered"))]
    assert ours["margin-memory"].training is ours["margin-rendered"].training
    assert ours["margin-memory"].memory
    assert not ours["margin-rendered"].memory


def test_original_methods_learn_from_everything_that_ours_do():
    """An equal footing: all sources, and the one schedule of the configuration."""
    trained = [one.training for one in load_comparison("methods").methods if one.group.startswith("The orig")]
    assert len(trained) == 5
    assert all(set(one.sources) == {"crops", "rendered"} for one in trained)


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        ('[[method]]\nname = "a"\ngroup = "g"', "either an objective"),
        ('[[method]]\nname = "a"\ngroup = "g"\nmethod = "magic"', "known: model, embedding, hog"),
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
        load_comparison(written(tmp_path, methods))


def test_a_comparison_that_is_not_there_is_refused_with_the_list(tmp_path):
    with pytest.raises(BadInput, match="no comparison magic") as caught:
        load_comparison("magic")
    assert "methods" in caught.value.hint
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(BadInput, match="no comparison"):
        load_comparison(str(tmp_path / "bad.toml"))
