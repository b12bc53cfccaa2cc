"""Names under which pictures leave: unique, and good on every system that may unpack them."""

import re
import unicodedata

from common.file_types import FileType, Kind, ending, endings_of

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_ENDINGS = frozenset(endings_of(Kind.PICTURE))
_LONGEST = 120
_LONGEST_BYTES = 200


class ImageNames:
    """Gives each picture of one export a name that no other has.

    Names that differ only in case, or in how an accent is written, are one name to Windows and macOS.
    """

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def name(self, original: str, found: FileType, *, key: int) -> str:
        """The picture's own name where it is safe and free; else one as near to it, with ``key`` in it.

        original: name or path as uploaded. found: what the file is. key: a number no other picture has.
        """
        stem, suffix = _split(original, found)
        name = f"{_shortened(stem)}{suffix}"
        if not self._take(name):
            name = f"{_shortened(stem)}~{key}{suffix}"
            while not self._take(name):  # somebody's own name looks like that
                name = name.replace("~", "~~", 1)
        return name

    def _take(self, name: str) -> bool:
        """Note the name. Its hash is kept in its place: a set of a million names stays small."""
        same = hash(unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold()))
        if same in self._taken:
            return False
        self._taken.add(same)
        return True


def _split(original: str, found: FileType) -> tuple[str, str]:
    """A safe stem, and the ending that fits the content, the original one where it does."""
    last = re.split(r"[/\\]", original)[-1]
    given = ending(last)
    fitting = found.endings if found.can_be(Kind.PICTURE) else ()
    is_known = given in _ENDINGS if fitting else re.fullmatch(r"[a-z0-9]{1,8}", given) is not None
    stem = last[: -len(given) - 1] if is_known else last
    suffix = given if given in fitting or not fitting else fitting[0]
    return _safe(stem), f".{suffix}" if fitting or is_known else ""


def _safe(stem: str) -> str:
    stem = _FORBIDDEN.sub("_", stem).strip(" .") or "picture"
    stem = stem.encode("utf-8", "replace").decode()
    return f"_{stem}" if _DEVICES.fullmatch(stem.split(".")[0].strip()) else stem


def _shortened(stem: str) -> str:
    """Short enough for every file system, a name being counted in UTF-16 here and in UTF-8 there."""
    while len(stem.encode("utf-16-le")) > 2 * _LONGEST or len(stem.encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") or "picture"
