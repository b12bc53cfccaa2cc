"""Manners of printing: what sets the prints of one book apart from those of another."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Manner:
    """How the prints of one book look.

    share: how often it is drawn.
    sides: range of the picture's shorter side, in pixels.
    spread: range by which strokes grow on each side, in shares of the character's size; None for next to
        nothing.
    swelling: largest amplitude of the spread's change along a stroke, in shares of the size.
    ragged: largest mean amplitude of torn edges, in shares of the size.
    contrast, paper: ranges of grey levels.
    grain: mean roughness of the paper, in grey levels.
    starved: chance that ink is missing in places.
    two_level: chance of a scan in black and white alone.
    """

    share: float
    sides: tuple[float, float] | None = None
    spread: tuple[float, float] | None = None
    swelling: float = 0.012
    ragged: float = 0.006
    contrast: tuple[float, float] = (45.0, 235.0)
    paper: tuple[float, float] | None = None
    grain: float = 0.0
    starved: float = 0.5
    two_level: float = 0.1


ORDINARY = Manner(share=0.64)
# Grey strokes, hardly darker than the paper's own fibres, on a coarse scan.
FAINT = Manner(
    share=0.14, sides=(30, 60), spread=(-0.01, 0.016), contrast=(45, 120), paper=(130, 225), grain=5.0,
    starved=0.35, two_level=0.0,
)  # fmt: skip
# So much ink that counters close and strokes join, with torn edges.
FLOODED = Manner(
    share=0.12, sides=(48, 96), spread=(0.008, 0.048), swelling=0.022, ragged=0.01, contrast=(110, 190),
    paper=(130, 200), grain=2.0, starved=0.15, two_level=0.3,
)  # fmt: skip
# Broad strokes scanned in black and white.
BOLD = Manner(share=0.1, sides=(44, 96), spread=(0.0, 0.04), swelling=0.016, starved=0.1, two_level=1.0)

_MANNERS = (ORDINARY, FAINT, FLOODED, BOLD)
_SHARES = np.cumsum([manner.share for manner in _MANNERS])


def pick_manner(random: np.random.Generator) -> Manner:
    """One manner, as often as its share says."""
    return _MANNERS[int(np.searchsorted(_SHARES, random.random() * _SHARES[-1], "right"))]
