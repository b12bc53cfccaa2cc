"""Readings of characters that everybody knows, and what has none."""

import pytest

from webapp.characters import tables
from webapp.characters.readings import LANGUAGES, read_about_as, read_as, readings_of


def texts_by_language(character):
    return {reading.language: reading.text.split(", ") for reading in readings_of(character)}


def test_a_character_in_every_language():
    sea = texts_by_language("海")
    assert list(sea) == [language for language in LANGUAGES if language in sea]
    assert sea["sino-vi"] == ["hải"]
    assert "hải" not in sea["vi"]  # told once
    assert (sea["zh"][0], sea["ko"], sea["ja"][0]) == ("hǎi", ["해"], "カイ")


def test_a_nom_character_beyond_the_first_plane():
    assert texts_by_language("\U00021a38") == {"vi": ["chữ", "giữ"]}


@pytest.mark.parametrize("text", ["", "\ue123", "\U000f0001", "海山", "a", "\ufe00"])
def test_what_has_no_readings(text):
    assert readings_of(text) == ()


def test_a_form_is_read_as_its_base_and_a_compatibility_ideograph_by_its_own_entry_alone():
    assert texts_by_language("葛\U000e0100") == texts_by_language("葛")
    assert set(texts_by_language("\uf900")) == {"ko"}


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("hải", "sino-vi"),
        ("HẢI", "sino-vi"),
        ("hǎi", "zh"),
        ("hai3", "zh"),
        ("カイ", "ja"),
        ("kai", "ja"),
        ("해", "ko"),
    ],
)
def test_a_reading_finds_its_character(typed, language):
    assert read_as(typed)["海"].language == language


def test_diacritics_are_needed_for_an_exact_match_and_not_for_a_loose_one():
    assert "\U00021a38" in read_as("chữ")
    assert "\U00021a38" not in read_as("chu")
    assert "\U00021a38" in read_about_as("chu")
    assert read_about_as("chu")["\U00021a38"].text == "chữ"


def test_what_has_no_diacritics_is_no_loose_match():
    loose = {reading.language for reading in read_about_as("hải").values()}
    assert "vi" in loose
    assert not loose & {"ja", "ko"}


@pytest.mark.parametrize("typed", ["", " ", "%", "'; drop table reading", "x" * 100, "\0"])
def test_odd_text_is_no_reading(typed):
    assert read_as(typed) == read_about_as(typed) == {}


def test_without_the_vietnamese_file_unihan_s_readings_remain(monkeypatch):
    monkeypatch.setattr(tables, "_has_vietnamese", lambda: False)
    readings_of.cache_clear()
    assert texts_by_language("海")["vi"] == ["hải"]
    readings_of.cache_clear()


def test_the_sources_are_named():
    assert {licence for _, _, licence in tables.sources()} == {
        "Unicode-3.0",
        "free for any use",
        "LGPL-2.1-or-later",
    }
