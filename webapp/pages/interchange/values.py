"""Values that a file of another program has, each checked: whatever it holds, it is read or refused."""

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from webapp.core.characters import character_of
from webapp.core.errors import Refused
from webapp.core.text_guard import is_usable
from webapp.pages.interchange.layout import KINDS, BoxLayout

_LARGEST = 1e7  # pixels; more is a slip, and would overflow elsewhere


class BadBoxes(Refused):
    """A file of boxes cannot be read."""

    code = "bad_boxes"


def bad_boxes(name: str, fault: str, hint: str = "export it again") -> BadBoxes:
    """The refusal of a file that is called so."""
    return BadBoxes(f"{name}: {fault}", hint=hint)


def number(value: Any, name: str) -> float:
    """A finite number of a sane size. Raises BadBoxes."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = float("nan")
    if not isfinite(found) or abs(found) > _LARGEST or isinstance(value, bool):
        raise bad_boxes(name, f"{str(value)[:40]!r} is not a number of pixels")
    return found


def whole(value: Any) -> int:
    """A number from 1 on, such as that of a column; 0 for anything else."""
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return found if 0 < found < 1_000_000 else 0


def share(value: Any) -> float | None:
    """A score from 0 to 1; None for anything else."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if 0.0 <= found <= 1.0 else None


def kind_of(value: Any) -> str:
    """One of ``KINDS``."""
    return value if value in KINDS else KINDS[0]


def written(value: Any) -> str:
    """A text as it is; empty for anything else."""
    return value if isinstance(value, str) else ""


def character_named(name: Any) -> str:
    """The character that a class is named for, itself or its codepoints; empty for "text" and such."""
    text = written(name).strip()
    try:
        return character_of(text)
    except ValueError:
        return "" if text.isascii() else text


def facts_beside(own: Mapping[str, Any]) -> dict[str, Any]:
    """What our own files say of a box beside its place and its character; what is not there, or no such fact,
    becomes the field's default.
    """
    return {
        "column": whole(own.get("column")),
        "order": whole(own.get("order")),
        "kind": kind_of(own.get("kind")),
        "proposal": written(own.get("proposal")),
        "score": share(own.get("score")),
        "state": written(own.get("state")),
    }


def box_around(points: Sequence[tuple[float, float]], name: str, **values: Any) -> BoxLayout:
    """The upright box around an outline. Raises BadBoxes where there is none."""
    if not points:
        raise bad_boxes(name, "a shape has no points")
    across, down = [x for x, _ in points], [y for _, y in points]
    x, y = min(across), min(down)
    return BoxLayout(x, y, max(across) - x, max(down) - y, **values)


def points_of(value: Any, name: str) -> list[tuple[float, float]]:
    """Pairs of numbers. Raises BadBoxes."""
    try:
        return [(number(x, name), number(y, name)) for x, y in value]
    except (TypeError, ValueError):
        raise bad_boxes(name, "the points of a shape are not pairs of numbers") from None


def read_json(data: bytes, name: str) -> Any:
    """What a JSON file holds. Raises BadBoxes."""
    try:
        found = json.loads(data)
        usable = is_usable(found)
    except (ValueError, RecursionError):
        raise bad_boxes(name, "this is not a JSON file that can be read") from None
    if not usable:
        raise bad_boxes(name, "a text in it holds half a character or a zero character")
    return found


def json_object(value: Any, name: str) -> Mapping[str, Any]:
    """The value, if it is an object. Raises BadBoxes."""
    if not isinstance(value, dict):
        raise bad_boxes(name, "an object was expected in the JSON, and something else found")
    return value


def json_list(value: Any, name: str) -> list[Any]:
    """The value, if it is a list. Raises BadBoxes."""
    if not isinstance(value, list):
        raise bad_boxes(name, "a list was expected in the JSON, and something else found")
    return value


def to_json(value: Any, indent: int | None = None) -> bytes:
    """JSON with its characters as they are."""
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode()


def json_parts(values: Iterable[Any]) -> Iterable[bytes]:
    """The members of a JSON list, one a line."""
    for place, value in enumerate(values):
        yield (",\n" if place else "").encode() + json.dumps(value, ensure_ascii=False).encode()


def short(value: float) -> float | int:
    """A number of pixels to a hundredth, without ".0"."""
    found = round(value, 2)
    return int(found) if found == int(found) else found
