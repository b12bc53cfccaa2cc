"""The table of pages and blocks as a drawing: a square where a block printed a page."""

from dataclasses import dataclass

from webapp.blocks.models import Block
from webapp.pages.models import Page
from webapp.printed.models import PageMatch
from webapp.printed.selectors import DocumentTable

_CELL, _EDGE = 14, 2


@dataclass(frozen=True)
class Cell:
    """A square of the drawing. x, y: its upper left corner. match: None for a page without a block."""

    x: int
    y: int
    page: Page
    match: PageMatch | None
    kind: str


@dataclass(frozen=True)
class Grid:
    """cells: in the order of the table. blocks: with the middle of their column. size: of a cell."""

    width: int
    height: int
    cells: list[Cell]
    blocks: list[tuple[int, Block]]
    size: int = _CELL - _EDGE


def grid_of(table: DocumentTable) -> Grid:
    """Pages go down in their order, blocks across in the order in which they first printed one.

    The first column is for pages without a block.
    """
    columns: dict[int, int] = {}
    blocks: list[tuple[int, Block]] = []
    lines: dict[int, int] = {}
    cells = []
    for row in table.rows:
        line = lines.setdefault(row.page.pk, len(lines))
        column = 0
        if row.match:
            block = row.match.scan.block
            column = columns.setdefault(block.pk, len(columns) + 1)
            if len(blocks) < column:
                blocks.append((column * _CELL + _CELL // 2, block))
        kind = row.match.state if row.match else "lost" if row.searched else "unknown"
        cells.append(Cell(column * _CELL, line * _CELL, row.page, row.match, kind))
    return Grid((len(columns) + 1) * _CELL, len(lines) * _CELL, cells, blocks)
