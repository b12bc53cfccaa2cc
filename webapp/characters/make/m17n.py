"""Vietnamese readings out of the tables of m17n's input methods."""

import re
from pathlib import Path

from common.han import IDEOGRAPHS, within
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
            if within(ord(character), IDEOGRAPHS) and reading not in found.setdefault(character, []):
                found[character].append(reading)
    return found
