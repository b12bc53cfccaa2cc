"""What the localiser finds on a page."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["main", "note", "head", "fold", "margin"]
Turn = Literal[0, 90, 180, 270]


@dataclass(frozen=True)
class Box:
    """One character's place on a page, in pixels of the picture as it was given.

    x, y, w, h: left, top, width and height.
    score: how sure the localiser is, in [0, 1].
    column: from 1, in reading order.
    order: from 1 over the page.
    kind: "main" text, a small "note" between it, a "head" note above the frame, the "fold" column, or a note
        in the "margin".
    """

    x: float
    y: float
    w: float
    h: float
    score: float = 1.0
    column: int = 1
    order: int = 1
    kind: Kind = "main"


@dataclass(frozen=True)
class PageBoxes:
    """All characters of one page.

    width, height: of the picture, in pixels.
    turn: quarter turn, clockwise in degrees, that makes the picture upright.
    angle: skew in degrees that is left after the turn, clockwise positive.
    boxes: in reading order, on the picture as it was given (not turned).
    """

    width: int
    height: int
    turn: Turn
    angle: float
    boxes: tuple[Box, ...]
