"""Keys of readings: one for each way of writing it, and never one for another reading."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.characters.kana import romaji
from webapp.characters.keys import bare_key, exact_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("Hoà", "hòa"),
        ("CHỮ", "chữ"),
        ("hǎi", "hai3"),
        ("lǜ", "lü4"),
        ("nǚ", "nv3"),
        ("ma1", "mā"),
        ("điệp", unicodedata.normalize("NFD", "điệp")),
    ],
)
def test_one_reading_written_in_two_ways(one, other):
    assert exact_key(one) == exact_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("chữ", "chứ"),
        ("chữ", "chư"),
        ("chư", "chu"),
        ("đa", "da"),
        ("hai", "hǎi"),
        ("lu4", "lǜ"),
        ("xi'an", "xian"),
    ],
)
def test_two_readings(one, other):
    assert exact_key(one) != exact_key(other)


@pytest.mark.parametrize(
    ("reading", "bare"), [("chữ", "chu"), ("Điệp", "diep"), ("hai3", "hai"), ("lǜ", "lu"), ("한", "한")]
)
def test_without_diacritics(reading, bare):
    assert bare_key(reading) == unicodedata.normalize("NFD", bare)


@given(
    st.text("aeiouyăâêôơưbcdđnghmt", min_size=1), st.sampled_from("\u0300\u0301\u0309\u0303\u0323"), st.data()
)
def test_wherever_the_tone_stands_the_key_is_the_same(letters, tone, data):
    places = [data.draw(st.integers(1, len(letters))) for _ in range(2)]
    one, other = (exact_key(letters[:place] + tone + letters[place:]) for place in places)
    assert one == other != exact_key(letters)
    assert bare_key(one) == bare_key(letters)


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("キュウ", "kyuu"),
        ("シャ", "sha"),
        ("ジョ", "jo"),
        ("チョウ", "chou"),
        ("がっこう", "gakkou"),
        ("リュウ", "ryuu"),
    ],
)
def test_kana(kana, latin):
    assert romaji(kana) == latin


@pytest.mark.parametrize("text", ["", "kai", "漢", "カi"])
def test_what_is_no_kana(text):
    assert romaji(text) is None
