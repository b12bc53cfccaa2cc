"""Which methods are compared, and by what they are trained: one TOML file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from common.errors import BadInput
from retrieval.compare.distances import DISTANCES
from retrieval.evaluate.methods import METHODS, MODEL
from retrieval.models import Shape
from retrieval.train.data.drawn_inputs import Amounts
from retrieval.train.methods.method_training import Entry, Schedule
from retrieval.train.pretrain.config import Drawing, TrainConfig

_FOLDER = Path(__file__).parent / "configs"
_ENTRY = ("objective", "each", "sources", "options")
_SCORES = ("set", "kind", "mrr_at_5")


@dataclass(frozen=True)
class Contestant:
    """One method of the table; exactly one of ``entry``, ``method`` and ``quoted`` says where it comes from.

    title: what the table calls it. group: the part of the table that it stands in. entry: how it is trained.
    searches: the distances it is searched by, a row each. memory: sharpness and pull for a trained method,
    whether to use it for the shipped one. method: one of ``retrieval.evaluate``. quoted: scores measured
    elsewhere, with the fields set, kind and mrr_at_5.
    """

    name: str
    title: str
    group: str
    searches: tuple[str, ...] = ("",)
    entry: Entry | None = None
    memory: tuple[float, float] | bool | None = None
    method: str = ""
    quoted: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True)
class Contest:
    """Everything that a comparison depends on.

    training: shape of the network, and how many glyphs are drawn. amounts: inputs. schedule: of all training.
    """

    name: str
    training: TrainConfig
    amounts: Amounts
    schedule: Schedule
    contestants: tuple[Contestant, ...]

    def chosen(self, names: Sequence[str]) -> tuple[Contestant, ...]:
        """The methods of these names, all where there are none. Raises BadInput for unknown names."""
        known = [one.name for one in self.contestants]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise BadInput(
                f"{self.name} has no method {', '.join(unknown)}", hint=f"choose among {', '.join(known)}"
            )
        return tuple(one for one in self.contestants if not names or one.name in names)


def contest_names() -> list[str]:
    """Names that ``load_contest`` knows."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_contest(name: str) -> Contest:
    """The comparison of that name, or in the TOML file at that path.

    Raises BadInput where there is none, or where it asks for what there is not.
    """
    path = Path(name) if name.endswith(".toml") else _FOLDER / f"{name}.toml"
    try:
        told = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as problem:
        hint = f"known: {', '.join(contest_names())}"
        raise BadInput(f"no comparison {name}: {problem}", hint=hint) from problem
    try:
        return _contest(told)
    except (TypeError, KeyError, ValueError) as problem:
        raise BadInput(f"{path.name} cannot be used: {problem}") from problem


def _contest(told: dict) -> Contest:
    schedule = Schedule(**told.pop("schedule", {}))
    shape = {key: tuple(value) if isinstance(value, list) else value for key, value in told["shape"].items()}
    training = TrainConfig(
        name=told["name"],
        images=schedule.images,
        seed=schedule.seed,
        shape=Shape(**shape),
        drawing=Drawing(**told.get("glyphs", {})),
    )
    contestants: dict[str, Contestant] = {}
    for one in told["method"]:
        if one["name"] in contestants:
            raise ValueError(f"two methods are called {one['name']}")
        contestants[one["name"]] = _contestant(one, contestants)
    return Contest(
        told["name"], training, Amounts(**told.get("amounts", {})), schedule, tuple(contestants.values())
    )


def _contestant(told: dict, before: Mapping[str, Contestant]) -> Contestant:
    """One method; ``of`` names an earlier one whose weights it shares."""
    told = dict(told)
    fields = {key: told.pop(key) for key in _ENTRY if key in told}
    entry = _entry(told["name"], fields) if fields else None
    if "of" in told:
        entry = before[told.pop("of")].entry
    if isinstance(told.get("memory"), list):
        told["memory"] = tuple(told["memory"])
    told["searches"] = tuple(told.get("searches", ("cosine",) if entry else ("",)))
    one = Contestant(
        **{"title": told["name"], **told, "entry": entry, "quoted": tuple(told.get("quoted", ()))}
    )
    _check(one)
    return one


def _entry(name: str, fields: dict) -> Entry:
    if "sources" in fields:
        fields["sources"] = tuple(fields["sources"])
    options = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in fields.get("options", {}).items()
    }
    return Entry(name=name, **{**fields, "options": options})


def _check(one: Contestant) -> None:
    if sum(map(bool, (one.entry, one.method, one.quoted))) != 1:
        raise ValueError(f"{one.name} wants either an objective, a method, or quoted scores")
    if one.method and one.method not in METHODS:
        raise ValueError(f"{one.name}: there is no method {one.method}; known: {', '.join(METHODS)}")
    if one.memory is not None and not one.entry and one.method != MODEL:
        raise ValueError(f"{one.name} has no memory")
    unknown = [name for name in one.searches if one.entry and name not in DISTANCES]
    if unknown:
        raise ValueError(
            f"{one.name} cannot be searched by {', '.join(unknown)}; known: {', '.join(DISTANCES)}"
        )
    wrong = [scores for scores in one.quoted if set(scores) != set(_SCORES)]
    if wrong:
        raise ValueError(f"{one.name}: quoted scores have {', '.join(_SCORES)}")
