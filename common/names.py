"""When two file names are one."""

import re
import unicodedata

# Ideographs that normalising would turn into others. No file system does that, and each is a character of
# its own here.
_COMPATIBILITY = "\uf900-\ufaff\U0002f800-\U0002fa1f"
_OTHERS = re.compile(f"[^{_COMPATIBILITY}]+")


def name_key(name: str) -> str:
    """What two file names have in common that are the same to people: a name in NFC.

    macOS hands out "é" as two codepoints, and tables are mostly written with one. This is for the names of
    files, never for characters: those are compared exactly as they are. Compatibility ideographs in a name
    stay what they are, as they do on macOS.

    See also:
        https://developer.apple.com/library/archive/qa/qa1173/
    """
    return _OTHERS.sub(lambda found: unicodedata.normalize("NFC", found[0]), name)


class NameIndex:
    """Things by their names, however accents are written; the very same writing comes first."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, set[int]]] = {}

    def add(self, name: str, pk: int) -> None:
        """Note that the thing with this id has this name."""
        self._found.setdefault(name_key(name), {}).setdefault(name, set()).add(pk)

    def find(self, name: str) -> set[int]:
        """Ids of all that have the name: as it is written here, or else in any other way."""
        alike = self._found.get(name_key(name), {})
        return alike.get(name) or set().union(*alike.values())
