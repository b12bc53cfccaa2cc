"""A page with its boxes, as every format writes and reads it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

KINDS = ("main", "note", "head", "fold", "margin")


@dataclass(frozen=True)
class BoxLayout:
    """One character's place on a page.

    Args:
        x, y, w, h: pixels of the page that it stands on; as fine as the format has them.
        column, order: from 1 on; 0 where nobody said.
        kind: one of ``KINDS``.
        character: its label, exactly; empty where it has none.
        proposal: what a transcription or another program says that it is; empty for nothing.
        score: how sure that somebody was that it is a character, from 0 to 1; None for a person's box.
        state: of its label, as the page view names it; empty in files of other programs.
    """

    x: float
    y: float
    w: float
    h: float
    column: int = 0
    order: int = 0
    kind: str = "main"
    character: str = ""
    proposal: str = ""
    score: float | None = None
    state: str = ""

    @property
    def text(self) -> str:
        """What formats write that have room for one reading: the label, else the proposal."""
        return self.character or self.proposal


@dataclass(frozen=True)
class PageLayout:
    """One page.

    Args:
        name: of its picture's file.
        width, height: pixels that boxes are measured in; 0 where a file does not say, 1 and 1 where it
            measures in shares of the picture.
        boxes: in reading order, as far as somebody knows it.
        sha256: of the picture; empty where nobody knows it.
        turn: quarter turns clockwise, in degrees, from the picture to the page as its boxes have it.
        angle: degrees of skew that is left, clockwise.
    """

    name: str
    width: float
    height: float
    boxes: tuple[BoxLayout, ...] = ()
    sha256: str = ""
    turn: int = 0
    angle: float = 0.0

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return stem_of(self.name)

    def columns(self) -> Iterator[tuple[int, tuple[BoxLayout, ...]]]:
        """Runs of boxes that stand in one column, in reading order."""
        for number, boxes in groupby(self.boxes, key=attrgetter("column")):
            yield number, tuple(boxes)


def stem_of(name: str) -> str:
    """A file's name without its folder and its ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return last.rpartition(".")[0] or last


def in_order(boxes: Iterable[BoxLayout]) -> tuple[BoxLayout, ...]:
    """Boxes by their ``order``; those without one last, as they came."""
    return tuple(sorted(boxes, key=lambda box: (box.order == 0, box.order)))


def turn_layout(page: PageLayout, turn: int) -> PageLayout:
    """The same boxes on the page turned clockwise by so many degrees more: 0, 90, 180 or 270."""
    for _ in range(turn % 360 // 90):
        page = replace(
            page,
            width=page.height,
            height=page.width,
            boxes=tuple(
                replace(box, x=page.height - box.y - box.h, y=box.x, w=box.h, h=box.w) for box in page.boxes
            ),
            turn=(page.turn + 90) % 360,
        )
    return page


def as_scanned(page: PageLayout) -> PageLayout:
    """The same boxes in pixels of the picture's file, which other programs open."""
    return turn_layout(page, -page.turn)


def scaled_to(page: PageLayout, width: float, height: float) -> PageLayout:
    """The same boxes on a picture of another size."""
    across, down = width / page.width, height / page.height
    boxes = (
        replace(box, x=box.x * across, y=box.y * down, w=box.w * across, h=box.h * down) for box in page.boxes
    )
    return replace(page, width=width, height=height, boxes=tuple(boxes))


def baseline(boxes: Sequence[BoxLayout]) -> str:
    """A column's line as PAGE XML and ALTO write it: down its middle. Programs that train readers of lines
    pass over lines without one.
    """
    middle = round(max(0, (min(box.x for box in boxes) + max(box.x + box.w for box in boxes)) / 2))
    top, end = min(box.y for box in boxes), max(box.y + box.h for box in boxes)
    return f"{middle},{max(0, round(top))} {middle},{max(0, round(end))}"
