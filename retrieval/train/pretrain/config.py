"""What a pre-training run is made of, by name: one TOML file a run in ``configs``."""

from dataclasses import dataclass, field
from pathlib import Path

from retrieval.models import Shape
from retrieval.train.data.glyph_cache import GlyphAmounts
from retrieval.train.data.mesh_cache import MeshAmounts
from retrieval.train.pretrain.batches import Mix
from retrieval.train.runtime.settings import LoopSettings, make_options, read_toml

CONFIGS = Path(__file__).parent / "configs"


@dataclass(frozen=True, kw_only=True)
class PretrainConfig(LoopSettings):
    """One run. What every training has to say is in ``LoopSettings``.

    margin: of the softmax, in cosine.
    rivals: characters that compete in a batch's softmax.
    contrast: weight of the contrast of prints and height maps.
    handedness: weight of the loss of the handedness head.
    trim: share of real crops' losses that is left out as wrong labels, once a quarter of the run is over.
    workers: processes that draw, at least; on a GPU all cores draw.
    start: path of a weights file to go on from, or "shipped"; the run begins with nothing when empty.
    compiled: whether torch.compile makes the network's kernels, on a GPU; it gains where cores enough draw.
    shape: of the network.
    mix: of a batch.
    glyphs, meshes: how many are drawn.
    """

    workers: int = 1
    margin: float = 0.3
    rivals: int = 4096
    contrast: float = 0.5
    handedness: float = 0.3
    trim: float = 0.06
    start: str = ""
    compiled: bool = False
    shape: Shape = field(default_factory=Shape)
    mix: Mix = field(default_factory=Mix)
    glyphs: GlyphAmounts = field(default_factory=GlyphAmounts)
    meshes: MeshAmounts = field(default_factory=MeshAmounts)


def load_pretrain_config(name: str) -> PretrainConfig:
    """The run of that name in ``CONFIGS``, or in the TOML file at that path.

    Raises:
        BadInput: there is none, or it has unknown entries.
    """
    return make_options(PretrainConfig, read_toml(name, CONFIGS, what="training configuration"), where=name)
