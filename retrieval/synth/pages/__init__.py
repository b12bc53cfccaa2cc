"""Whole pages drawn from typefaces, with the exact place of every character."""

from retrieval.synth.pages.bank import GlyphBank, draw_bank
from retrieval.synth.pages.drawing import DrawnPage, draw_page

__all__ = ["DrawnPage", "GlyphBank", "draw_bank", "draw_page"]
