"""Pages: every character found, in reading order."""

from retrieval.locate.crops import crop_box
from retrieval.locate.ink import ink_map, snap_to_ink, split_at_gap
from retrieval.locate.localiser import Localiser
from retrieval.locate.types import Box, PageBoxes
from retrieval.locate.upright import likeness_to_characters

__all__ = [
    "Box",
    "Localiser",
    "PageBoxes",
    "crop_box",
    "ink_map",
    "likeness_to_characters",
    "snap_to_ink",
    "split_at_gap",
]
