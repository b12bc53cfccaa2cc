"""Weights files: safetensors, with the network's shape, the recipe, the calibration and a record inside."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch.nn import functional

from common.publish import write_aside
from retrieval.errors import BadModel
from retrieval.models.net import Net, Shape
from retrieval.preprocess import Recipe

_KEYS = ("name", "shape", "recipe", "calibration", "record", "digest")
_CHARACTERS, _CODEPOINTS = "characters", "codepoints"
_HINT = "use the weights that came with this version of Mocban, or train them again"


@dataclass(frozen=True)
class Weights:
    """A network ready for use, and all that travels with it.

    net: the network, in single precision.
    name: what the model is called.
    recipe: how pictures and height maps become its inputs.
    calibration: coefficients by name (see ``retrieval.embed``).
    record: how it was trained, as JSON can hold it.
    fingerprint: hex digest of the file; empty before it is written.
    characters: (K, D) directions of the learned characters, which vectors are drawn to; None for none.
    codepoints: (K,) int32, which characters these are; None where the file does not name them.
    """

    net: Net
    name: str
    recipe: Recipe
    calibration: Mapping[str, list[float]]
    record: Mapping[str, object] = field(default_factory=dict)
    fingerprint: str = ""
    characters: torch.Tensor | None = None
    codepoints: torch.Tensor | None = None


def save_weights(path: Path, weights: Weights) -> None:
    """Write ``weights`` as half floats; the file appears whole or not at all.

    path: of the file, by custom ``NAME.safetensors``.
    """
    parts = weights.net.state_dict()
    if weights.characters is not None:
        parts |= {_CHARACTERS: functional.normalize(weights.characters)}
    if weights.codepoints is not None:
        parts |= {_CODEPOINTS: weights.codepoints.int()}
    tensors = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in parts.items()
    }
    facts = {
        "name": weights.name,
        "shape": json.dumps(weights.net.shape.to_dict()),
        "recipe": json.dumps(weights.recipe.to_dict()),
        "calibration": json.dumps(dict(weights.calibration)),
        "record": json.dumps(dict(weights.record)),
    }
    facts["digest"] = tensors_digest(tensors, facts)
    with write_aside(path) as aside:
        save_file(tensors, aside, metadata=facts)


def load_weights(path: Path, *, name: str = "") -> Weights:
    """Open a file written by ``save_weights``, in single precision, ready to infer.

    A file can claim a network of any size in a line of text. So the claim is held against limits, then
    against the tensors that are there, and only then is anything built: what loading takes is a few times the
    file, and no more. A process of its own under a limit of address space would guard against nothing
    further, and torch reserves so much of it that a limit which it bears would be no limit.

    Args:
        path: the file.
        name: what a person calls it, for messages; its own name where none is given.

    Raises:
        BadModel: it is missing, damaged, of another shape, or of another recipe.
    """
    name = name or path.name
    facts, tensors = read_tensors(path, name, _KEYS)
    try:
        if facts["digest"] != tensors_digest(tensors, facts):
            raise BadModel(f"{name} is damaged: its content does not match its digest", hint=_HINT)
        recipe, shape = Recipe.from_dict(_fields(facts, "recipe")), Shape.from_dict(_fields(facts, "shape"))
        if "\0" in facts["name"]:
            raise ValueError("its name holds a NUL")
        if recipe.size != shape.size:
            raise ValueError(f"pictures of {recipe.size} pixels for a network that takes {shape.size}")
        calibration, record = _fields(facts, "calibration"), _fields(facts, "record")
        characters = _characters(tensors.pop(_CHARACTERS, None), shape.width)
        codepoints = _codepoints(tensors.pop(_CODEPOINTS, None), characters)
        _check_tensors(tensors, shape)
        net = Net(shape)
        net.load_state_dict(tensors)
    except (ValueError, TypeError, KeyError, RuntimeError) as problem:
        raise BadModel(f"{name} does not fit this network: {problem}", hint=_HINT) from problem
    return Weights(
        net.eval(), facts["name"], recipe, calibration, record, facts["digest"][:16], characters, codepoints
    )


def _fields(facts: Mapping[str, str], key: str) -> dict:
    """The fields that a fact of the file holds; ValueError where a database could not store them."""

    def refuse(constant: str) -> None:
        raise ValueError(f"its {key} holds {constant}")

    fields = json.loads(facts[key], parse_constant=refuse)
    if not isinstance(fields, dict):
        raise TypeError(f"its {key} is no list of fields")
    if "\\u0000" in (text := json.dumps(fields, ensure_ascii=False)):
        raise ValueError(f"its {key} holds a NUL")
    text.encode()
    return fields


def _check_tensors(tensors: Mapping[str, torch.Tensor], shape: Shape) -> None:
    """ValueError unless the tensors are those of a network of this shape, which takes no memory to ask."""
    with torch.device("meta"):
        wanted = Net(shape).state_dict()
    if len(differing := sorted(set(wanted) ^ set(tensors))):
        raise ValueError(f"{len(differing)} tensors are missing or too many, such as {differing[0]}")
    for key, tensor in tensors.items():
        if tensor.shape != wanted[key].shape:
            raise ValueError(f"{key} is {tuple(tensor.shape)} and not {tuple(wanted[key].shape)}")
        if tensor.is_floating_point() != wanted[key].is_floating_point():
            raise ValueError(f"{key} holds numbers of type {tensor.dtype}")


def _characters(tensor: torch.Tensor | None, width: int) -> torch.Tensor | None:
    """The learned characters as the file has them; ValueError where they are none of this network's."""
    if tensor is not None and (tensor.ndim != 2 or tensor.shape[1] != width or not len(tensor)):
        raise ValueError(f"characters of shape {tuple(tensor.shape)} for vectors of {width}")
    return None if tensor is None else tensor.float()


def _codepoints(tensor: torch.Tensor | None, characters: torch.Tensor | None) -> torch.Tensor | None:
    """Which characters the directions are of; ValueError where their number differs."""
    if tensor is not None and (characters is None or tensor.shape != characters.shape[:1]):
        raise ValueError(f"codepoints of shape {tuple(tensor.shape)} for the learned characters")
    return tensor


def read_tensors(
    path: Path, name: str, keys: Sequence[str]
) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    """The facts and tensors of a safetensors file. Raises BadModel, also where one of ``keys`` is missing."""
    try:
        with safe_open(path, framework="pt") as file:
            facts = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118, not a dict
    except OSError as problem:  # whose words name folders of the server
        raise BadModel(f"{name} is missing, or cannot be opened", hint=_HINT) from problem
    except (SafetensorError, RuntimeError) as problem:
        raise BadModel(f"{name} cannot be read as a weights file: {problem}", hint=_HINT) from problem
    missing = [key for key in keys if not facts.get(key)]
    if missing:
        raise BadModel(f"{name} carries no {', '.join(missing)}", hint=_HINT)
    return facts, tensors


def tensors_digest(tensors: Mapping[str, torch.Tensor], facts: Mapping[str, str]) -> str:
    """SHA-256 over every tensor and every fact but the digest itself."""
    digest = hashlib.sha256()
    for key in sorted(tensors):
        digest.update(f"{key} {tensors[key].dtype} {tuple(tensors[key].shape)}".encode())
        digest.update(tensors[key].contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    for key in sorted(set(facts) - {"digest"}):
        digest.update(f"{key}={facts[key]}".encode())
    return digest.hexdigest()
