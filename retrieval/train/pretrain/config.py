"""What a training run is told, by name: one TOML file a run beside this module."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from common.errors import BadInput
from retrieval.models import Shape
from retrieval.train.pretrain.batches import Mix

_FOLDER = Path(__file__).parent / "configs"


@dataclass(frozen=True)
class Drawing:
    """The glyph cache: how many characters, how many typefaces of each; and how many meshes."""

    common: int = 9500
    beyond: int = 5000
    faces_each: int = 9
    mesh_parts: int = 24
    meshes_a_part: int = 500


@dataclass(frozen=True)
class TrainConfig:
    """One run.

    images: inputs to learn from, in all. rate: highest learning rate. margin: of the softmax, in
    cosine. rivals: characters that compete in a batch's softmax. contrast, handed: weights of those
    losses. trim: share of real crops' losses left out as wrong labels, once a quarter of the run is
    over. keep_every: seconds between checkpoints. workers: processes that draw, at least. compiled:
    whether torch.compile makes the network's kernels, on a GPU; it gains where cores enough draw for it.
    """

    name: str
    images: int
    seed: int = 1
    rate: float = 3e-3
    decay: float = 0.03
    margin: float = 0.3
    rivals: int = 4096
    contrast: float = 0.5
    handed: float = 0.3
    trim: float = 0.06
    keep_every: float = 180.0
    threads: int = 1
    workers: int = 1
    compiled: bool = False
    shape: Shape = field(default_factory=Shape)
    mix: Mix = field(default_factory=Mix)
    drawing: Drawing = field(default_factory=Drawing)


def config_names() -> list[str]:
    """Names that ``load_config`` knows."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_config(name: str) -> TrainConfig:
    """The run of that name, or in the TOML file at that path. Raises BadInput where there is none."""
    path = Path(name) if name.endswith(".toml") else _FOLDER / f"{name}.toml"
    try:
        told = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise BadInput(
            f"no training configuration {name}: {problem}", hint=f"known: {', '.join(config_names())}"
        ) from problem
    unknown = set(told) - {entry.name for entry in fields(TrainConfig)}
    if unknown:
        raise BadInput(f"{path.name} has unknown entries: {', '.join(sorted(unknown))}")
    try:
        shape = told.pop("shape", {})
        shape = {key: tuple(value) if isinstance(value, list) else value for key, value in shape.items()}
        return TrainConfig(
            **{key: value for key, value in told.items() if not isinstance(value, dict)},
            shape=Shape(**shape),
            mix=Mix(**told.get("mix", {})),
            drawing=Drawing(**told.get("drawing", {})),
        )
    except TypeError as problem:
        raise BadInput(f"{path.name} cannot be used: {problem}") from problem
