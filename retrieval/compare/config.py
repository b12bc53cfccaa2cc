"""Which methods are compared, and by what they are trained: one TOML file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import BadInput
from retrieval.compare.distances import DISTANCES
from retrieval.evaluate.methods.by_name import METHODS, MODEL
from retrieval.models import Shape
from retrieval.train.data.drawn_inputs import InputAmounts
from retrieval.train.data.glyph_cache import GlyphAmounts
from retrieval.train.data.mesh_cache import MeshAmounts
from retrieval.train.methods.config import MethodConfig, MethodSchedule
from retrieval.train.runtime.settings import make_options, read_toml, without_lists

CONFIGS = Path(__file__).parent / "configs"
_OF_TRAINING = ("objective", "each", "sources", "options")
_OF_QUOTED = {"set", "kind", "mrr_at_5"}


@dataclass(frozen=True)
class ComparedMethod:
    """One method of the table; one of ``training``, ``method`` and ``quoted`` says where it comes from.

    name: in files and on the command line.
    title: what the table calls it.
    group: the part of the table that it stands in.
    searches: the distances it is searched by, a row each; the shipped model as the product does without any.
    training: how it is trained.
    memory: sharpness and pull for a trained method, whether to use it for the shipped one.
    method: one of ``retrieval.evaluate``.
    quoted: scores measured elsewhere, with the fields set, kind and mrr_at_5.
    """

    name: str
    title: str
    group: str
    searches: tuple[str, ...] = ("",)
    training: MethodConfig | None = None
    memory: tuple[float, float] | bool | None = None
    method: str = ""
    quoted: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison depends on.

    name: of it; its files are called by it.
    shape: of the network.
    glyphs, meshes, inputs: how many are drawn.
    schedule: of all training.
    methods: in the table's order.
    """

    name: str
    shape: Shape
    glyphs: GlyphAmounts
    meshes: MeshAmounts
    inputs: InputAmounts
    schedule: MethodSchedule
    methods: tuple[ComparedMethod, ...]

    def chosen(self, names: Sequence[str]) -> tuple[ComparedMethod, ...]:
        """The methods of these names, all where there are none.

        Raises:
            BadInput: a name is unknown.
        """
        known = [one.name for one in self.methods]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise BadInput(
                f"{self.name} has no method {', '.join(unknown)}", hint=f"choose among {', '.join(known)}"
            )
        return tuple(one for one in self.methods if not names or one.name in names)


def load_comparison(name: str) -> Comparison:
    """The comparison of that name in ``CONFIGS``, or in the TOML file at that path.

    Raises:
        BadInput: there is none, or it names what there is not.
    """
    values = read_toml(name, CONFIGS, what="comparison")
    try:
        methods = _methods(values.pop("method"))
    except (TypeError, KeyError, ValueError) as problem:
        raise BadInput(f"{name} cannot be used: {problem}") from problem
    defaults: dict[str, dict] = {"shape": {}, "glyphs": {}, "meshes": {}, "inputs": {}, "schedule": {}}
    return make_options(Comparison, {**defaults, **values, "methods": methods}, where=name)


def _methods(tables: Sequence[Mapping[str, Any]]) -> tuple[ComparedMethod, ...]:
    methods: dict[str, ComparedMethod] = {}
    for table in tables:
        if table["name"] in methods:
            raise ValueError(f"two methods are called {table['name']}")
        methods[table["name"]] = _method({key: without_lists(value) for key, value in table.items()}, methods)
    return tuple(methods.values())


def _method(table: dict, before: Mapping[str, ComparedMethod]) -> ComparedMethod:
    """One method; ``of`` names an earlier one whose weights it shares."""
    own = {key: table.pop(key) for key in _OF_TRAINING if key in table}
    training = MethodConfig(name=table["name"], **own) if own else None
    if "of" in table:
        training = before[table.pop("of")].training
    usual = {"title": table["name"], "searches": ("cosine",) if training else ("",)}
    one = ComparedMethod(**{**usual, **table, "training": training})
    _check(one)
    return one


def _check(one: ComparedMethod) -> None:
    if sum(map(bool, (one.training, one.method, one.quoted))) != 1:
        raise ValueError(f"{one.name} wants either an objective, a method, or quoted scores")
    if one.method and one.method not in METHODS:
        raise ValueError(f"{one.name}: there is no method {one.method}; known: {', '.join(METHODS)}")
    if one.memory is not None and not one.training and one.method != MODEL:
        raise ValueError(f"{one.name} has no memory")
    by_distance = one.training or (one.method == MODEL and any(one.searches))
    unknown = [name for name in one.searches if by_distance and name not in DISTANCES]
    if unknown:
        raise ValueError(
            f"{one.name} cannot be searched by {', '.join(unknown)}; known: {', '.join(DISTANCES)}"
        )
    if any(set(scores) != _OF_QUOTED for scores in one.quoted):
        raise ValueError(f"{one.name}: quoted scores have {', '.join(sorted(_OF_QUOTED))}")
