"""Characters are kept exactly: no folding, no normalising."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.characters import character_checked, character_of, character_typed, codepoints
from webapp.core.errors import Refused
from webapp.core.refusals.words import WORDS

scalars = st.characters(exclude_categories=["Cs"])


@given(st.text(scalars, min_size=1, max_size=4))
def test_there_and_back(text):
    assert character_of(codepoints(text)) == text


@given(st.text(scalars, min_size=1, max_size=4))
def test_lower_case_is_read_too(text):
    assert character_of(codepoints(text).lower()) == text


@given(st.text(max_size=12))
def test_anything_else_is_a_value_error(text):
    try:
        read = character_of(text)
    except ValueError:
        return
    assert codepoints(read).lower().split() == [_plain(word) for word in text.lower().split()]


def _plain(word):
    return f"u+{int(word[2:], 16):04x}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("𡦂", "U+21982"), ("葛󠄀", "U+845B U+E0100"), ("堽", "U+583D"), ("A", "U+0041"), ("", "")],
)
def test_known_characters(text, expected):
    assert codepoints(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "583D", "U+", "U+XYZW", "U+D800", "U+110000", "U+583D,U+583E", "U+１２３４"]
)
def test_what_is_no_codepoint_is_refused(text):
    with pytest.raises(ValueError, match=r"codepoint|Unicode"):
        character_of(text)


def test_compatibility_ideographs_stay_themselves():
    """Unicode's normal forms would turn U+F900 into U+8C48: here they are two characters."""
    assert codepoints("\uf900") == "U+F900"


@pytest.mark.parametrize(
    "text",
    [
        *("漢", "\u3400", "\ufa0e", "\uf900", "\U0002f800", "\U0002ebf0", "\U00031350", "\U000323b0"),
        *("\U00033479", "\U0002b73f", "\U0002cead", "葛\U000e0100", "海\ufe00", "⽔", "⺡", "々", "〇", "㇀"),
        *("\ue123", "\U000f1234", ""),
    ],
    ids=ascii,
)
def test_one_character_is_one_whatever_python_knows_of_it(text):
    assert character_checked(text) == text
    assert character_typed(text) == text
    assert character_typed(codepoints(text)) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("漢字", "several_characters"),
        ("漢 字", "several_characters"),
        ("葛\U000e0100漢", "several_characters"),
        ("⿰氵每", "description_sequence"),
        ("⿰", "description_sequence"),
        ("\U000e0100", "loose_selector"),
        ("葛\U000e0100\ufe00", "loose_selector"),
        ("\ufe00葛", "loose_selector"),
        ("U22886", "not_han"),
        ("U+110000", "bad_codepoint"),
        ("U+D800", "bad_codepoint"),
        ("u+", "bad_codepoint"),
        ("U+4E00U+FE00", "bad_codepoint"),
        ("A", "not_han"),
        ("chữ", "not_han"),
        ("あ", "not_han"),
        ("한", "not_han"),
        (" ", "not_han"),
        ("\x07", "not_han"),
        ("\0", "not_han"),
        ("漢a", "not_han"),
        ("\ud800", "not_han"),
        ("\U0003347a", "unassigned_codepoint"),
        ("\u2e9a", "unassigned_codepoint"),
    ],
    ids=ascii,
)
def test_anything_else_is_refused_each_with_its_reason(text, code):
    with pytest.raises(Refused) as refused:
        character_checked(text)
    assert (refused.value.code, bool(refused.value.hint)) == (code, True)
    assert code in WORDS


@pytest.mark.parametrize("text", ["U+22886", "u+22886", " U+22886\n", "u+022886"])
def test_a_typed_codepoint_is_its_character(text):
    assert character_typed(text) == "\U00022886"


@pytest.mark.parametrize("text", ["22886", "U22886", "0x22886", "U+D800", "U+110000"])
def test_other_letters_stay_what_they_are(text):
    assert character_typed(text) == text
