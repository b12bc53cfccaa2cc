"""The numbers that a written refusal names, in the reader's language."""

import re

from django.utils.translation import gettext

_PLACE = re.compile(r"(?:: |, | at )(line|byte|triangle) (\d[\d,]*)(?=[:,]|$)")
_NUMBER = r"-?\d[\d.e+-]*"
_SIZE = re.compile(rf" measures? ({_NUMBER} x {_NUMBER} x {_NUMBER})$")


def place_and_size(message: str) -> str:
    """Where in a file its fault lies, or how large the mesh is, where the message says so."""
    return _place(message) + _size(message)


def _place(message: str) -> str:
    found = _PLACE.search(message)
    if not found:
        return ""
    words = {
        "line": gettext("Line %(number)s."),
        "byte": gettext("Byte %(number)s."),
        "triangle": gettext("Triangle %(number)s."),
    }
    return " " + words[found.group(1)] % {"number": found.group(2)}


def _size(message: str) -> str:
    found = _SIZE.search(message)
    return " " + gettext("Size: %(size)s.") % {"size": found.group(1)} if found else ""
