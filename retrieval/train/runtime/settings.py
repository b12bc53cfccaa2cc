"""The options of the training loop, and how a training's options are read from its TOML file."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from tomllib import loads
from typing import TYPE_CHECKING, TypeVar, get_type_hints

from common.errors import BadInput

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Options = TypeVar("Options", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class LoopSettings:
    """What every training has to say, whatever it trains.

    name: of the run; its files are called by it.
    images: inputs to learn from, in all, by all processes together.
    seed: of everything that is drawn by lot.
    rate: highest learning rate.
    decay: AdamW's weight decay.
    warm_up: share of the run in which the learning rate rises, in [0, 1).
    smoothing: share of the moving average that a batch leaves as it is, at most, in [0, 1).
    clip: largest norm of the model's gradients.
    keep_every: seconds between checkpoints.
    report_every: batches between reports.
    threads: of torch, in each process.
    workers: processes that draw batches, beside each that trains; 0: it draws them itself.
    """

    name: str
    images: int
    seed: int = 1
    rate: float = 3e-3
    decay: float = 0.03
    warm_up: float = 0.02
    smoothing: float = 0.999
    clip: float = 5.0
    keep_every: float = 180.0
    report_every: int = 50
    threads: int = 1
    workers: int = 0


def config_names(folder: Path) -> list[str]:
    """The names that ``read_toml`` knows in a folder."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def read_toml(name: str, folder: Path, *, what: str) -> dict:
    """The file of that name in the folder, or at that path where it ends in ``.toml``.

    name: of a file in ``folder``, without its ending; or a path.
    folder: with the files that come with this version.
    what: the file holds, for messages.

    Raises:
        BadInput: there is none, or it is no TOML.
    """
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    try:
        return loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        hint = f"known: {', '.join(config_names(folder))}"
        raise BadInput(f"no {what} {name}: {problem}", hint=hint) from problem


def make_options(kind: type[Options], values: Mapping[str, object], *, where: str) -> Options:
    """A dataclass of options from what TOML holds: tables become the dataclasses of its fields, lists tuples.

    kind: a dataclass.
    values: by the names of its fields.
    where: they stand, for messages.

    Raises:
        BadInput: a name is unknown, or one that has to be there is missing.
    """
    types = get_type_hints(kind)
    unknown = sorted(set(values) - {field.name for field in fields(kind)})
    if unknown:
        hint = f"known: {', '.join(field.name for field in fields(kind))}"
        raise BadInput(f"{where} has unknown entries: {', '.join(unknown)}", hint=hint)
    made = {key: _option(types[key], value, where=f"{where}, {key}") for key, value in values.items()}
    try:
        return kind(**made)
    except TypeError as problem:
        raise BadInput(f"{where} cannot be used: {problem}") from problem


def _option(kind: type, value: object, *, where: str) -> object:
    if is_dataclass(kind) and isinstance(value, Mapping):
        return make_options(kind, value, where=where)
    return without_lists(value)


def without_lists(value: object) -> object:
    """The same with tuples in place of lists, at any depth."""
    if isinstance(value, Mapping):
        return {key: without_lists(each) for key, each in value.items()}
    return tuple(map(without_lists, value)) if isinstance(value, list) else value
