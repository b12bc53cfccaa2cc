"""The names that the web app offers are those that the library makes."""

from common.objectives import OBJECTIVES as NAMES
from common.objectives import USUAL
from retrieval.train.finetune.config import RECIPES, load_recipe
from retrieval.train.objectives import OBJECTIVES
from retrieval.train.runtime.settings import config_names


def test_every_objective_has_its_words() -> None:
    assert tuple(NAMES) == OBJECTIVES
    assert all(one.label and one.name == name for name, one in NAMES.items())


def test_recipes_are_taught_by_the_usual_one() -> None:
    assert {load_recipe(name).objective for name in config_names(RECIPES)} == {USUAL}
