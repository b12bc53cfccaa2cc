"""What is typed, and what may be meant by it. No codepoint is lost on the way."""

import pytest

from webapp.characters.typed import Typed, read_typed

EXACT = [
    "\uf900",
    "\u8c48",
    "葛\U000e0100",
    "海\ufe00",
    "\ue123",
    "\U000f1234",
    "\U0002f800",
    "\U00021a38",
    "漢",
]


@pytest.mark.parametrize("text", EXACT, ids=ascii)
def test_a_character_stays_as_it_is(text):
    assert read_typed(text).character == text
    assert read_typed(f" {text}\n").text == text
    words = " ".join(f"u+{ord(char):04x}" for char in text)
    assert read_typed(words).character == text


@pytest.mark.parametrize(
    ("text", "radical", "residual"),
    [
        ("r85+3", 85, 3),
        ("R85.3", 85, 3),
        ("85.3", 85, 3),
        ("85 + 3", 85, 3),
        ("r85", 85, None),
        ("bộ 85", 85, None),
        ("水 3", 85, 3),
        ("氵3", 85, 3),
        ("⽔+3", 85, 3),
        ("bộ 水", 85, None),
        ("r214+0", 214, 0),
    ],
)
def test_radicals_and_strokes(text, radical, residual):
    typed = read_typed(text)
    assert (typed.radical, typed.residual, typed.reading) == (radical, residual, "")


@pytest.mark.parametrize("text", ["r0+1", "r215", "海 3", "85", "an 3", "r", "12.stl", "r85+300"])
def test_what_names_no_radical(text):
    assert read_typed(text).radical == 0


def test_components():
    assert read_typed("氵 每") == Typed("氵 每", character="氵 每", components="氵每")
    assert read_typed("⿰氵每") == Typed("⿰氵每", description="⿰氵每", components="氵每")
    assert read_typed("漢").components == "漢"
    assert read_typed("葛\U000e0100").components == ""


@pytest.mark.parametrize("text", ["chữ", "hai3", "han", "カイ", "해", "khối 1", "%"])
def test_everything_else_may_be_a_reading(text):
    assert read_typed(text).reading == text


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "\0", "U+0000"])
def test_nothing(text):
    assert read_typed(text) == Typed("")
