"""What a run of fine-tuning is told, by name: one TOML file a recipe in ``recipes``."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from common.errors import BadInput

_FOLDER = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class TuneConfig:
    """One recipe.

    images: inputs to learn from, in all. epochs: fewer, where every pair was seen so often: a few hundred
    labels would be learned by heart, and what was known of others lost. rate: highest learning rate.
    classes: a batch's, each of them a print and a height map. others: a batch's inputs of which nothing
    is known but what the old network says. margin: of the softmax, in cosine. contrast, known, keep,
    handed: weights of the losses, see ``Tuning``. measured: how often the validation side is asked.
    drawn: whether drawn characters are asked as well, at the end, where their typefaces are.
    keep_every: seconds between checkpoints. workers: processes that draw.
    """

    name: str
    images: int
    seed: int = 1
    epochs: int = 8
    rate: float = 3e-4
    decay: float = 0.01
    classes: int = 32
    others: int = 48
    margin: float = 0.1
    contrast: float = 1.0
    known: float = 0.5
    keep: float = 20.0
    handed: float = 0.05
    measured: int = 12
    drawn: bool = True
    keep_every: float = 30.0
    threads: int = 1
    workers: int = 0


def tune_names() -> list[str]:
    """Names that ``load_tune`` knows."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_tune(name: str) -> TuneConfig:
    """The recipe of that name, or in the TOML file at that path. Raises BadInput where there is none."""
    path = Path(name) if name.endswith(".toml") else _FOLDER / f"{name}.toml"
    try:
        told = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise BadInput(f"no recipe {name}: {problem}", hint=f"known: {', '.join(tune_names())}") from problem
    unknown = set(told) - {entry.name for entry in fields(TuneConfig)}
    if unknown:
        raise BadInput(f"{path.name} has unknown entries: {', '.join(sorted(unknown))}")
    try:
        return TuneConfig(**told)
    except TypeError as problem:
        raise BadInput(f"{path.name} cannot be used: {problem}") from problem
