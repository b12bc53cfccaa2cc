"""Text formats: in whatever letters and line ends a program has written them."""

import re

from common.file_heads import utf8_of
from retrieval.errors import BadMesh

AGAIN = "Export it again, best as binary STL."
COPY_AGAIN = "The file was cut short. Copy or export it again."
_LINE_END = re.compile(rb"\r\n?|\n")


def text_of(data: bytes) -> bytes:
    """The text in UTF-8 with a newline at each line's end, whether it has UTF-16, CR LF or CR alone."""
    text = utf8_of(data)
    return _LINE_END.sub(b"\n", text) if b"\r" in text else text


def line_at(text: bytes, offset: int) -> int:
    """The number, from 1, of the line that a byte of the text stands on; lines end in newlines."""
    return text.count(b"\n", 0, offset) + 1


def bad_line(name: str, line: int, what: str, hint: str = AGAIN, code: str = "mesh_unreadable") -> BadMesh:
    """The refusal of a text for what one line of it says."""
    return BadMesh(f"{name}: line {line:,}: {what}", hint=hint, code=code)


def not_a_number(name: str, line: int, word: bytes) -> BadMesh:
    """The refusal of a text for a word where a number should be."""
    shown = word[:24].decode("utf-8", "replace")
    if re.fullmatch(rb"[-+]?\d+,\d+", word):
        hint = "Export it again with decimal points: set the program's language or number format to English."
        return bad_line(name, line, f"{shown} has a decimal comma", hint, "mesh_decimal_comma")
    return bad_line(name, line, f"{shown!r} is not a number")
