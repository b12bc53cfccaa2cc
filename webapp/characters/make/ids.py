"""Ideographic descriptions: what a character is put together of."""

import re

# The description characters of Unicode, and the signs that BabelStone's table adds to them.
_OPERATORS = frozenset({*map(chr, range(0x2FF0, 0x3000)), "↔", "↷", "〾"})
_UNENCODED = re.compile(r"\{[^}]*\}|[？?]")
# "This without that": what is left has no name, so that nothing is known of its components.
_SUBTRACTION = re.compile("[⊖\u31ef]")


def components(description: str) -> tuple[str, ...]:
    """The characters that a description names, each as often as it stands there."""
    if _SUBTRACTION.search(description):
        return ()
    return tuple(char for char in _UNENCODED.sub("", description) if char not in _OPERATORS)
