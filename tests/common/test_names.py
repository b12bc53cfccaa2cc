"""Names that look alike are one name; characters never are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.names import name_key

NAME = "Kiều trang 13/giáo.stl"


def test_a_name_is_itself_however_its_accents_are_written():
    apart = unicodedata.normalize("NFD", NAME)
    assert apart != NAME
    assert name_key(apart) == name_key(NAME) == NAME


@pytest.mark.parametrize("char", ["\uf914", "\ufa0e", "\U0002f800", "葛\U000e0100", "𠄎", "ﬁ", "Ａ"])
def test_a_character_in_a_name_stays_exactly_what_it_is(char):
    assert name_key(f"é{char}.stl") == name_key(f"e\u0301{char}.stl") == f"é{char}.stl"


@given(st.text())
def test_a_key_is_its_own_key(name):
    assert name_key(name_key(name)) == name_key(name)
