"""A table of boxes, as ``python -m retrieval locate`` writes it, and what people said of each."""

import csv
import io
from collections.abc import Iterator, Mapping

from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written
from webapp.pages.interchange.layout import BoxLayout, PageLayout, in_order
from webapp.pages.interchange.values import bad_boxes, kind_of, number, share, short, whole

_PLACE = ("page", "x", "y", "w", "h")
_COLUMNS = (*_PLACE, "score", "column", "order", "kind", "character", "proposal", "state")


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one table; ``page`` is the picture's name without its ending."""
    yield "boxes.csv", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    yield _line(_COLUMNS)
    for page in book.pages():
        yield b"".join(_line(_row(page, box)) for box in page.boxes)


def _line(values: tuple) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue().encode()


def _row(page: PageLayout, box: BoxLayout) -> tuple:
    sides = (short(side) for side in (box.x, box.y, box.w, box.h))
    score = "" if box.score is None else round(box.score, 4)
    facts = (box.kind, box.character, box.proposal, box.state)
    return (page.stem, *sides, score, box.column, box.order, *facts)


def read(data: bytes, name: str) -> list[PageLayout]:
    """The pages of a table; all columns but the first five may be missing."""
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        missing = [column for column in _PLACE if column not in (table.fieldnames or ())]
        if missing:
            raise bad_boxes(name, f"its first line lacks {', '.join(missing)}", f"name {', '.join(_PLACE)}")
        boxes: dict[str, list[BoxLayout]] = {}
        for row in table:
            boxes.setdefault(row["page"] or "", []).append(_box(row, f"{name}, line {table.line_num}"))
    except (UnicodeDecodeError, csv.Error):
        raise bad_boxes(name, "this is not a table in UTF-8", "save it as CSV in UTF-8") from None
    return [PageLayout(page, 0, 0, in_order(some)) for page, some in boxes.items()]


def _box(row: Mapping[str, str | None], name: str) -> BoxLayout:
    x, y, w, h = (number(row[side], name) for side in _PLACE[1:])
    return BoxLayout(
        x,
        y,
        w,
        h,
        column=whole(row.get("column")),
        order=whole(row.get("order")),
        kind=kind_of(row.get("kind")),
        character=row.get("character") or "",
        proposal=row.get("proposal") or "",
        score=share(row.get("score")),
        state=row.get("state") or "",
    )


def _is_table(head: bytes, name: str) -> bool:
    first = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    return set(_PLACE) <= {column.strip().strip('"') for column in first.split(",")}


BOX_FORMAT = BoxFormat(
    name="csv_boxes", label="CSV", ending="csv", write=write, read=read, is_one=_is_table, place=30
)
