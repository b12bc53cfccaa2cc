"""What the server tells of woodblocks, and of the pages that they printed, as values."""

from __future__ import annotations

from dataclasses import dataclass

from mocban_client.things import Awaited, Thing


@dataclass(frozen=True)
class Match(Thing):
    """A page laid over a whole block. inliers: characters that meet; residual_mm: their median distance; p:
    how likely so many would meet by chance; overlap: of inks; uneven_mm: how far a character stands otherwise
    than its neighbours, None in a match of before; believed: whether that is enough. state: "proposed",
    "confirmed" or "rejected". answers: that confirming it gave.
    """

    id: int
    page: int
    block: int
    block_name: str = ""
    part: int = 1
    inliers: int = 0
    residual_mm: float = 0.0
    p: float = 1.0
    overlap: float = 0.0
    uneven_mm: float | None = None
    believed: bool = False
    state: str = ""
    answers: int | None = None


@dataclass(frozen=True)
class Block(Thing):
    """A woodblock. fields: what else is known of it. Its scans are in ``raw``."""

    id: int
    name: str
    inventory_number: str = ""
    title: str = ""
    characters: int = 0


@dataclass(frozen=True)
class Scan(Awaited):
    """The scan of a block's face. turn: degrees counterclockwise by which it was turned to read."""

    id: int
    block: int
    name: str
    width_mm: float | None = None
    height_mm: float | None = None
    px_per_mm: float | None = None
    mirrored: bool | None = None
    turn: int = 0
    characters: int | None = None
    version: int = 0

    @property
    def address(self) -> str:
        return f"scans/{self.id}"


@dataclass(frozen=True)
class Place(Thing):
    """Where a character stands on a face, in millimetres from its top left, as it prints."""

    id: int
    item: int | None = None
    character: str = ""
    x_mm: float | None = None
    y_mm: float | None = None
    w_mm: float | None = None
    h_mm: float | None = None
    column: int = 1
    order: float = 0.0
