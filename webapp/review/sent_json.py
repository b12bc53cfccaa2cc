"""What pages' scripts send, read word by word."""

from typing import Any

from webapp.core.errors import Refused

_MOST_IDS = 200
_MOST = 2**63


def word_of(sent: dict[str, Any], name: str) -> str:
    """Text, empty where it is missing. Raises Refused where it is something else."""
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise Refused(f"{name} is not text", code="bad_json")
    return value


def switch_of(sent: dict[str, Any], name: str) -> bool:
    """True or false, false where it is missing. Raises Refused where it is something else."""
    value = sent.get(name, False)
    if not isinstance(value, bool):
        raise Refused(f"{name} is neither true nor false", code="bad_json")
    return value


def number_of(sent: dict[str, Any], name: str, default: int) -> int:
    """A whole number. Raises Refused where it is something else."""
    value = sent.get(name, default)
    if type(value) is not int or not 0 <= value < _MOST:
        raise Refused(f"{name} is no number", code="bad_json")
    return value


def ids_of(sent: dict[str, Any], name: str) -> list[int]:
    """Ids, at most 200, none where they are missing. Raises Refused where it is something else."""
    value = sent.get(name, [])
    if not isinstance(value, list) or len(value) > _MOST_IDS:
        raise Refused(f"{name} is no list of at most {_MOST_IDS} ids", code="bad_json")
    if not all(type(pk) is int and 0 < pk < _MOST for pk in value):
        raise Refused(f"{name} holds something that is no id", code="bad_json")
    return value
