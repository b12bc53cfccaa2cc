"""Characters are kept exactly: no folding, no normalising."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.characters import character_of, codepoints

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
    ("text", "told"),
    [("𡦂", "U+21982"), ("葛󠄀", "U+845B U+E0100"), ("堽", "U+583D"), ("A", "U+0041"), ("", "")],
)
def test_known_characters(text, told):
    assert codepoints(text) == told


@pytest.mark.parametrize(
    "text", ["", " ", "583D", "U+", "U+XYZW", "U+D800", "U+110000", "U+583D,U+583E", "U+１２３４"]
)
def test_what_is_no_codepoint_is_refused(text):
    with pytest.raises(ValueError, match=r"codepoint|Unicode"):
        character_of(text)


def test_compatibility_ideographs_stay_themselves():
    """Unicode's normal forms would turn U+F900 into U+8C48: here they are two characters."""
    assert codepoints("\uf900") == "U+F900"
