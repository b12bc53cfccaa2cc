"""What a file of labels says, line by line: CSV, JSON Lines, or Label Studio's JSON.

Characters are compared exactly as they stand in the file; names as ``common.names`` says.
"""

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path

from webapp.core.errors import Refused
from webapp.datasets.imports.label_studio import label_studio_labels
from webapp.datasets.imports.other_formats import refuse_other_exports, refuse_packed
from webapp.datasets.imports.parsed import ParsedLine
from webapp.datasets.imports.tables import csv_labels, json_lines_labels
from webapp.datasets.models import LabelImport

MOST_ROWS = 200_000
_CHUNK = 1 << 20
# In this order: the mark of UTF-32 begins with that of UTF-16.
_OTHER_MARKS = {
    "UTF-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "UTF-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
Format = LabelImport.Format


def format_of(path: Path) -> str:
    """What kind of file it is, by its content.

    Raises:
        Refused: it is no text in UTF-8, or no table of labels; the line is named.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Refused("the file is empty", hint="export the labels again", code="empty")
    refuse_packed(path, head)
    _check_utf8(path, head)
    refuse_other_exports(path)
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return {b"[": Format.LABEL_STUDIO, b"{": Format.JSONL}.get(first, Format.CSV)


def read_labels_file(path: Path, format: str) -> Iterator[ParsedLine]:
    """All that the file says. Raises Refused where it is no table of labels, or has too many lines."""
    readers: dict[str, Callable[[Path], Iterator[ParsedLine]]] = {
        Format.CSV: csv_labels,
        Format.JSONL: json_lines_labels,
        Format.LABEL_STUDIO: label_studio_labels,
    }
    count = 0
    for count, one in enumerate(readers[format](path), 1):
        if count > MOST_ROWS:
            hint = "split it into several files"
            raise Refused(f"the file has more than {MOST_ROWS:,} labels", hint=hint, code="too_many_labels")
        yield one
    if not count:
        raise Refused(
            "the file holds no label",
            hint="export it again, and look whether it has labels",
            code="no_labels",
        )


def _check_utf8(path: Path, head: bytes) -> None:
    for encoding, marks in _OTHER_MARKS.items():
        if head.startswith(marks):
            hint = "save it as CSV UTF-8"
            raise Refused(f"the file is {encoding}, not UTF-8", hint=hint, code="bad_encoding")
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                wrong = error.object[error.start :].split(b"\n")[0]
                raise Refused(
                    f"line {line} is not UTF-8{_other_encoding(wrong)}",
                    hint="save it as CSV UTF-8; what cannot be read is not guessed at",
                    code="bad_encoding",
                ) from None
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise Refused(
                    f"line {line} holds a zero byte", hint="save it as text in UTF-8", code="bad_encoding"
                )
            line += text.count("\n")
            if not chunk:
                return


def _other_encoding(data: bytes) -> str:
    try:
        data[:200].decode("gb18030", errors="strict" if len(data) <= 200 else "ignore")
    except UnicodeDecodeError:
        return ""
    return "; it may be GBK, as Chinese Windows saves"
