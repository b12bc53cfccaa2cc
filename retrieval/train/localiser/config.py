"""What a training of the localiser says."""

from dataclasses import dataclass, field
from pathlib import Path

from retrieval.locate.network.net import LocatorShape
from retrieval.locate.network.weights import LocatorRecipe
from retrieval.train.runtime.settings import LoopSettings, make_options, read_toml

CONFIGS = Path(__file__).parent / "configs"


@dataclass(frozen=True)
class TileMix:
    """What a batch is made of.

    drawn: pages drawn for it.
    each: tiles cut from each of them.
    real: tiles cut from real pages.
    side: of a tile, in pixels, a multiple of 32.
    sizes: least and largest side of the main text's characters, in pixels.
    nothing: chance that one of its tiles is a picture without characters.
    """

    drawn: int = 2
    each: int = 3
    real: int = 2
    side: int = 384
    sizes: tuple[float, float] = (17.0, 46.0)
    nothing: float = 0.3


@dataclass(frozen=True, kw_only=True)
class LocaliserConfig(LoopSettings):
    """One training of a localiser.

    shape: of the network.
    mix: of a batch.
    glyphs: of each typeface that pages are drawn from.
    recipe: how pages are shown to the network once it is trained.
    """

    shape: LocatorShape = field(default_factory=LocatorShape)
    mix: TileMix = field(default_factory=TileMix)
    glyphs: int = 3000
    recipe: LocatorRecipe = field(default_factory=LocatorRecipe)


def load_localiser_config(name: str) -> LocaliserConfig:
    """The configuration of that name, or in that file. Raises BadInput."""
    values = read_toml(name, CONFIGS, what="localiser configuration")
    return make_options(LocaliserConfig, values, where=name)
