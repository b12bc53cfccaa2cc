"""Training configurations by name."""

from pathlib import Path

import pytest

from common.errors import BadInput
from retrieval.models import shipped_weights
from retrieval.train.pretrain.config import CONFIGS, load_pretrain_config
from retrieval.train.runtime.settings import config_names


@pytest.mark.parametrize("name", config_names(CONFIGS))
def test_every_configuration_loads(name: str) -> None:
    """Each file beside the module is a whole configuration."""
    config = load_pretrain_config(name)
    assert config.images > 0
    assert config.shape.size % 16 == 0


def test_the_shipped_one_names_the_shipped_file() -> None:
    """What the command writes is what is shipped."""
    assert f"{load_pretrain_config('shipped').name}.safetensors" == shipped_weights().name


def test_unknown_name_lists_the_known_ones() -> None:
    """The remedy says what to type."""
    with pytest.raises(BadInput) as caught:
        load_pretrain_config("none")
    assert "shipped" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["speed = 3", "name = 'x'", "name = 'x'\nimages = 1\n[mix]\nspeed = 3", "= ="]
)
def test_mistakes_are_refused(tmp_path: Path, text: str) -> None:
    """Unknown entries, missing ones and broken files are each a BadInput."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadInput):
        load_pretrain_config(str(path))
