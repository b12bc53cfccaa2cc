"""Characters are drawn by fonts that have them, exactly as given, or not at all."""

import re

import pytest

from webapp.core.pages.glyphs import glyph_svg
from webapp.core.templatetags.characters import glyph, han


def test_a_character_is_drawn_in_its_square():
    drawn = glyph_svg("漢")
    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000"')
    numbers = [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?", drawn.split('d="')[1])]
    assert min(numbers) >= -60
    assert max(numbers) <= 1060


def test_characters_beyond_the_first_plane_are_drawn():
    assert glyph_svg("𣻮") is not None


def test_compatibility_ideographs_are_not_taken_for_others():
    assert glyph_svg("\ufa11") != glyph_svg("\u5d0e")


@pytest.mark.parametrize("text", ["", "\ue123", "\U000f0001", " ", "\n", "\U0003fffd", "漢\ue123"])
def test_what_no_font_may_draw_is_not_drawn(text):
    assert glyph_svg(text) is None


def test_a_variation_is_drawn_as_itself_or_not_at_all():
    assert glyph_svg("葛\U000e0100")  # Hanazono has it, which set-up installs
    assert glyph_svg("葛\U000e01ef") is None


def test_two_characters_stand_side_by_side():
    assert 'viewBox="0 0 2000 1000"' in glyph_svg("漢字")


def test_pages_never_show_an_empty_box():
    assert 'src="/glyphs/U+6F22.svg" alt="漢"' in glyph("漢")
    assert 'src="/print.png"' in glyph("\ue123", "/print.png")
    assert "U+E123" in glyph("\ue123")
    assert glyph("") == ""


def test_the_address_names_codepoints(browse, owner):
    client = browse(owner)
    answer = client.get("/glyphs/U+6F22.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    for wrong in ["U+E123", "U+110000", "U+D800", "x", "U+6F22-x"]:
        assert client.get(f"/glyphs/{wrong}.svg").status_code == 404


def test_characters_have_the_shapes_of_old_prints_in_any_language():
    assert ' lang="zh-Hant"' in glyph("漢")
    assert ' lang="zh-Hant"' in glyph("\U000f0000", "/print.png")
    assert han("hán 漢 <b>") == 'hán <span lang="zh-Hant">漢</span> &lt;b&gt;'
    assert han("⿰氵每") == '<span lang="zh-Hant">⿰氵每</span>'
    assert han(None) == ""
