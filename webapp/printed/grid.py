"""The table of pages and blocks as a drawing: a square where a block printed a page."""

from dataclasses import dataclass

from webapp.pages.models import Page
from webapp.printed.models import PageMatch
from webapp.printed.selectors import DocumentTable

_CELL, _SIDE = 14, 12


@dataclass(frozen=True)
class Cell:
    """A square of the drawing. x, y: its upper left corner. match: None for a page without a block."""

    x: int
    y: int
    page: Page
    match: PageMatch | None
    kind: str

    @property
    def outline(self) -> str:
        """The square, as an SVG path."""
        return f"M{self.x} {self.y}h{_SIDE}v{_SIDE}h-{_SIDE}z"

    @property
    def words(self) -> str:
        """Which page, and by which block."""
        return f"{self.page.name}: {self.match.scan.block.name}" if self.match else self.page.name


@dataclass(frozen=True)
class Grid:
    """cells: in the order of the table."""

    width: int
    height: int
    cells: list[Cell]


def grid_of(table: DocumentTable) -> Grid:
    """Pages go down in their order, blocks across in the order in which they first printed one.

    The first column is for pages without a block.
    """
    columns: dict[int, int] = {}
    lines: dict[int, int] = {}
    cells = []
    for row in table.rows:
        line = lines.setdefault(row.page.pk, len(lines))
        column = 0
        if row.match:
            column = columns.setdefault(row.match.scan.block_id, len(columns) + 1)
        kind = row.match.state if row.match else "lost" if row.searched else "unknown"
        cells.append(Cell(column * _CELL, line * _CELL, row.page, row.match, kind))
    return Grid((len(columns) + 1) * _CELL, len(lines) * _CELL, cells)
