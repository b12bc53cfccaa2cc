"""The localiser's weights file: safetensors, with the network's shape, its recipe and a record inside."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safetensors.torch import save_file

from common.publish import write_aside
from common.shipped_weights import LOCALISER
from retrieval.errors import BadModel
from retrieval.locate.network.net import LocatorNet, LocatorShape
from retrieval.models.weights import read_tensors, tensors_digest

_KEYS = ("name", "localiser", "recipe", "record", "digest")
_HINT = "use the localiser that came with this version of Mocban, or train it again"


@dataclass(frozen=True)
class LocatorRecipe:
    """How pages are shown to the network, and its answer read; it travels with the weights.

    size: pixels that a character of the main text has in what the network reads.
    least: score below which a box is none.
    version: of `page_input`.
    """

    size: float = 30.0
    least: float = 0.4
    version: int = 1

    @property
    def fingerprint(self) -> str:
        """The same for the same recipe, on every machine."""
        return hashlib.sha256(json.dumps(vars(self), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class LocatorWeights:
    """A localiser's network and all that travels with it.

    net: in single precision.
    name: what it is called.
    recipe: of its input.
    record: how it was trained, as JSON can hold it.
    fingerprint: hex digest of the file; empty before it is written.
    """

    net: LocatorNet
    name: str
    recipe: LocatorRecipe
    record: Mapping[str, object] = field(default_factory=dict)
    fingerprint: str = ""


def shipped_localiser() -> Path:
    """The weights file that comes with this version."""
    return Path(__file__).parents[2] / "weights" / LOCALISER


def save_localiser(path: Path, weights: LocatorWeights) -> None:
    """Write the weights as half floats; the file appears whole or not at all."""
    tensors = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in weights.net.state_dict().items()
    }
    facts = {
        "name": weights.name,
        "localiser": json.dumps(weights.net.shape.to_dict()),
        "recipe": json.dumps({**vars(weights.recipe), "fingerprint": weights.recipe.fingerprint}),
        "record": json.dumps(dict(weights.record)),
    }
    facts["digest"] = tensors_digest(tensors, facts)
    with write_aside(path) as aside:
        save_file(tensors, aside, metadata=facts)


def load_localiser(path: Path) -> LocatorWeights:
    """Open a file written by `save_localiser`, ready to infer.

    Raises:
        BadModel: it is missing, damaged, of another shape, or of another recipe.
    """
    facts, tensors = read_tensors(path, path.name, _KEYS)
    try:
        if facts["digest"] != tensors_digest(tensors, facts):
            raise BadModel(f"{path.name} is damaged: its content does not match its digest", hint=_HINT)
        claimed = json.loads(facts["recipe"])
        fingerprint = claimed.pop("fingerprint")
        recipe = LocatorRecipe(**claimed)
        if fingerprint != recipe.fingerprint or recipe.version != LocatorRecipe.version:
            raise ValueError("its recipe is not this version's")
        net = LocatorNet(LocatorShape.from_dict(json.loads(facts["localiser"])))
        net.load_state_dict(tensors)
        record = json.loads(facts["record"])
    except (ValueError, TypeError, KeyError, RuntimeError) as problem:
        raise BadModel(f"{path.name} does not fit the localiser: {problem}", hint=_HINT) from problem
    return LocatorWeights(net.eval(), facts["name"], recipe, record, facts["digest"][:16])
