"""Characters by what they are put together of."""

import re
from functools import lru_cache

from common.han import DESCRIPTIONS, PRIVATE, within
from webapp.characters.forms import unified_of
from webapp.characters.radicals import radical_by_form, radicals
from webapp.characters.tables import rows


def is_operator(char: str) -> bool:
    """Whether it says how components stand to each other."""
    return within(ord(char), DESCRIPTIONS)


UNENCODED = "〓"
"""Stands for a component that has no codepoint, as printers set it for a type that they lacked."""

_PRIVATE = "".join(f"{chr(low)}-{chr(high)}" for low, high in PRIVATE)
_PLACEHOLDER = re.compile(rf"\{{[^}}]*\}}|&[^;]*;|[？?{_PRIVATE}]")


def readable_description(character: str) -> str:
    """``description_of`` for people: what the table has for components without a codepoint is ``UNENCODED``.

    Empty where that would be all.
    """
    description = _PLACEHOLDER.sub(UNENCODED, description_of(character))
    return description if set(description) - {UNENCODED} else ""


def description_of(character: str) -> str:
    """The character as a description of its components; empty where none is known, or it is a component."""
    found = rows("SELECT description FROM character WHERE code = ?", ord(character))
    description = (found[0][0] or "") if found else ""
    return description if description != character else ""


@lru_cache(maxsize=128)
def described_as(description: str) -> frozenset[str]:
    """Characters whose description is exactly this."""
    found = rows("SELECT char(code) FROM character WHERE description = ?", description)
    return frozenset(character for (character,) in found)


def made_of(components: str) -> frozenset[str]:
    """Characters in which all the components stand, at whatever depth.

    A radical stands for its other forms too: 水 for 氵, and its sign for the ideograph. A component named
    twice is looked for once.
    """
    sets = [_containing_a_form_of(component) for component in dict.fromkeys(map(unified_of, components))]
    return frozenset.intersection(*sets) if sets else frozenset()


@lru_cache(maxsize=128)
def _containing_a_form_of(component: str) -> frozenset[str]:
    number = radical_by_form().get(component)
    forms = (
        radicals()[number - 1].forms
        if number and component == radicals()[number - 1].character
        else component
    )
    found = frozenset().union(*(_containing(form) for form in forms))
    return found - {component}


def _containing(component: str) -> frozenset[str]:
    """Characters with the component in them, in their components, and so on."""
    parts = _parts()
    found: set[str] = set()
    fresh = {component}
    while fresh:
        reached = {character for one in fresh for character in parts.get(one, "")}
        fresh = reached - found
        found |= fresh
    return frozenset(found)


@lru_cache(maxsize=1)
def _parts() -> dict[str, str]:
    """For each component, the characters whose descriptions name it."""
    return dict(rows("SELECT component, characters FROM part"))
