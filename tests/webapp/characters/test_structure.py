"""Radicals, strokes and components; the codepoints stay what they are."""

import pytest

from common.han import RADICALS
from webapp.characters.components import described_as, description_of, made_of, readable_description
from webapp.characters.forms import also_written, base_of, is_han, unified_of
from webapp.characters.radicals import Filing, filed_under, filing_of, radical_by_form, radicals

COMPATIBLE, UNIFIED = "\uf900", "\u8c48"


def test_there_are_214_radicals():
    assert [radical.number for radical in radicals()] == list(range(1, 215))
    water = radicals()[84]
    assert (water.character, water.strokes, water.names) == ("水", 4, "thủy")
    assert water.forms[0] == "水"
    assert "氵" in water.forms
    assert radical_by_form()["忄"] == 61


def test_characters_are_filed_under_radicals():
    assert filing_of("海") == Filing(85, 7, 10)
    assert "海" in filed_under(85, 7)
    assert "海" not in filed_under(85, 6)
    assert filed_under(85) > filed_under(85, 7)
    assert filing_of("\ue123") is None
    assert filed_under(215) == frozenset()


def test_components_are_found_at_any_depth():
    assert description_of("海") == "⿰氵每"
    assert described_as("⿰氵每") == {"海"}
    for parts in ("每", "氵每", "水每", "母", "氵母"):
        assert "海" in made_of(parts)
    assert "每" not in made_of("每")
    assert made_of("") == made_of("\ue123") == frozenset()
    assert "梅" in made_of("每")
    assert "梅" not in made_of("氵每")


def test_a_nom_character_is_found_by_its_components():
    assert "\U00021a38" in made_of("宁字")


def test_every_character_is_made_of_each_of_its_components():
    """The slow twin: taking descriptions apart, one after the other, as far as they go."""

    def parts(character, seen):
        for part in description_of(character):
            if part not in seen and is_han(part):
                seen.add(part)
                parts(part, seen)
        return seen

    for character in "漢海譯警喃\U00021a38":
        for part in parts(character, set()):
            assert character in made_of(part), (character, part)


def test_a_compatibility_ideograph_is_another_character_found_by_the_same_components():
    assert {COMPATIBLE, UNIFIED} <= made_of("山豆")
    assert COMPATIBLE not in made_of(UNIFIED)
    assert also_written(COMPATIBLE) == (UNIFIED,)
    assert COMPATIBLE in also_written(UNIFIED)


def test_components_without_a_codepoint_are_shown_as_such():
    assert description_of("㑹") == "⿳{88}由日"
    assert readable_description("㑹") == "⿳〓由日"
    assert readable_description("海") == "⿰氵每"
    assert readable_description("丑") == ""
    shown = {readable_description(chr(code)) for code in range(0x3400, 0x9FFF)}
    assert not [one for one in shown if set(one) & set("{}&;？?0123456789")]


def test_radicals_have_their_ideographs():
    assert [unified_of(char) for char in "⽔⺡⼀水A"] == ["水", "氵", "一", "水", "A"]
    signs = [chr(code) for low, high in RADICALS for code in range(low, high + 1)]
    assert [sign for sign in signs if unified_of(sign) == sign] == ["⺀"]  # Unicode names none for it


def test_bases():
    assert base_of("葛\U000e0100") == base_of("葛") == "葛"
    assert base_of("海\ufe00") == "海"
    assert base_of("\U0002f800") == "\U0002f800"
    assert base_of(COMPATIBLE) == COMPATIBLE
    assert base_of("海山") == base_of("") == ""
    assert also_written("葛\U000e0100") == ("葛",)


@pytest.mark.parametrize("character", ["\ue123", "\U000f0001", "葛\U000e0100\U000e0101", "海山"])
def test_what_nobody_else_agreed_upon_is_written_no_other_way(character):
    assert also_written(character) == ()
