"""Typefaces: what they claim and what they draw are two things."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.synth.fonts import FaceFiles, Typeface, find_faces
from retrieval.synth.glyphs import Glyphs, distance_field
from tests.retrieval.synth.typefaces import needs_typefaces, typeface_folder


@needs_typefaces
def test_npm_typefaces_are_found() -> None:
    """The two typefaces of package.json are known by name."""
    names = {face.name for face in find_faces([typeface_folder()])}
    assert {"cactus", "shippori"} <= names


@needs_typefaces
def test_glyphs_are_drawn_tight() -> None:
    """A glyph's rectangle has ink on all four sides, for the BMP and beyond."""
    faces = {face.name: face for face in find_faces([typeface_folder()])}
    cactus = Typeface(faces["cactus"])
    beyond = min(code for code in cactus.codepoints if code > 0x20000)
    for code in (ord("永"), beyond):
        ink = cactus.draw(code)
        assert ink is not None
        assert ink.dtype == bool
        assert all(side.any() for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))


@needs_typefaces
def test_unclaimed_and_blank_glyphs_are_none() -> None:
    """A character outside the map, and a space, draw nothing."""
    faces = {face.name: face for face in find_faces([typeface_folder()])}
    shippori = Typeface(faces["shippori"])
    assert 0x2A6D0 not in shippori.codepoints
    assert shippori.draw(0x2A6D0) is None
    assert shippori.draw(ord(" ")) is None
    assert shippori.draw(0x3000) is None


def test_no_fonts_no_faces(tmp_path: Path) -> None:
    """An empty folder holds no typeface."""
    assert find_faces([tmp_path]) == []


def test_a_missing_font_file_is_not_hidden(tmp_path: Path) -> None:
    """Opening what is not there raises at once."""
    with pytest.raises(Exception, match=r"(?i)open|resource"):
        Typeface(FaceFiles("none", (tmp_path / "none.ttf",), 0))


def test_glyph_set_round_trip(tmp_path: Path) -> None:
    """A set of fields comes back from disk as it was."""
    field = distance_field(np.ones((40, 20), bool))
    glyphs = Glyphs(
        np.stack([field, 255 - field]), np.array([65, 66], np.int32), np.array([0, 1], np.int16), ("a", "b")
    )
    glyphs.save(tmp_path / "set")
    again = Glyphs.load(tmp_path / "set")
    assert np.array_equal(again.fields, glyphs.fields)
    assert again.codepoints.tolist() == [65, 66]
    assert again.names == ("a", "b")
