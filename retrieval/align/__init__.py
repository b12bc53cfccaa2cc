"""A text that is known, laid along the boxes of its pages by what the characters look like."""

from retrieval.align.alignment import Alignment, BoxReading, align
from retrieval.align.likeness import CharacterVectors

__all__ = ["Alignment", "BoxReading", "CharacterVectors", "align"]
