"""Vietnamese readings out of the tables of m17n's input methods."""

import re
from pathlib import Path

from webapp.characters.make.telex import syllable

_LINE = re.compile(r'^\s*\("([A-Za-z]+)"\s+(?:\((?P<many>(?:"[^"]*"\s*)+)\)|\?(?P<one>.))\s*\)+\s*$')


def table_readings(path: Path) -> dict[str, list[str]]:
    """The syllables of each character, in the table's order.

    Private-use characters are left out: they mean what the table's own font draws there.
    """
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        match = _LINE.match(line)
        if match is None or not (reading := syllable(match[1])):
            continue
        written = match["one"] or "".join(re.findall(r'"([^"]*)"', match["many"]))
        for character in written:
            if _is_han(character) and reading not in found.setdefault(character, []):
                found[character].append(reading)
    return found


def _is_han(character: str) -> bool:
    code = ord(character)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
