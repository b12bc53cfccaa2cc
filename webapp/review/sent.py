"""What pages' scripts send, read word by word."""

from typing import Any

from webapp.core.errors import Refused
from webapp.gallery.models import Item
from webapp.review.answers import Match

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


def item_of(pk: object) -> Item | None:
    """The item of this id; None for None. Raises Refused where there is none."""
    if pk is None:
        return None
    found = Item.objects.filter(pk=pk).first() if type(pk) is int and 0 < pk < _MOST else None
    if found is None:
        raise Refused("that item is not in the gallery any more", hint="choose another", code="item_gone")
    return found


def matches_of(sent: dict[str, Any], name: str = "also") -> list[Match]:
    """Further matches, ``[{item, relation}]``, none where they are missing. Raises Refused otherwise."""
    value = sent.get(name) or []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Refused(f"{name} is no list of matches", code="bad_json")
    found = [Match(item_of(row.get("item")), word_of(row, "relation")) for row in value[:_MOST_IDS]]
    if any(match.item is None for match in found):
        raise Refused(f"{name} names no item", code="bad_also")
    return found
