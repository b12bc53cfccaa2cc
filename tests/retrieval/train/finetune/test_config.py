"""Recipes by name."""

from pathlib import Path

import pytest

from common.errors import BadInput
from retrieval.train.finetune.config import RECIPES, load_recipe
from retrieval.train.runtime.settings import config_names


def test_every_recipe_can_be_read(tmp_path: Path) -> None:
    """And a mistyped one is refused by name."""
    assert {load_recipe(name).name for name in config_names(RECIPES)} == set(config_names(RECIPES))
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\nimages = 1\nrat = 2')
    with pytest.raises(BadInput, match="rat"):
        load_recipe(str(path))
    with pytest.raises(BadInput, match="no recipe"):
        load_recipe("nothing")
