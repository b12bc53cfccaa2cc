"""How the data files are made: from telex, from Unihan's fields, from descriptions."""

import gzip
import sqlite3

import pytest

from webapp.characters.make.ids import components
from webapp.characters.make.m17n import table_readings
from webapp.characters.make.tables import new_table, write_readings
from webapp.characters.make.telex import syllable
from webapp.characters.make.unihan import RadicalPlace, hangul, places


@pytest.mark.parametrize(
    ("telex", "written"),
    [
        ("aamr", "ẩm"), ("ddieepj", "điệp"), ("thwowng", "thương"), ("lw", "lư"), ("lwu", "lưu"),
        ("hoaf", "hòa"), ("quyeets", "quyết"), ("giowis", "giới"), ("gif", "gì"), ("quaf", "quà"),
        ("nghieeng", "nghiêng"),
        ("ngoaif", "ngoài"), ("bawns", "bắn"), ("toans", "toán"), ("uyr", "ủy"), ("Lucj", "lục"), ("as", "á"),
    ],
)  # fmt: skip
def test_telex(telex, written):
    assert syllable(telex) == written


@pytest.mark.parametrize("telex", ["z", "", "123", "coi?x"])
def test_what_is_no_syllable(telex):
    assert syllable(telex) is None


def test_a_table_of_an_input_method(tmp_path):
    path = tmp_path / "vi.mim"
    path.write_text(
        ';; comment\n(map\n  ("haix" ("海" "\U00021a38\ue123"))\n  ("aamj" ?音)\n  ("coi?x" ?)\n'
        '  ("haij" ("海海"))))\n',
        "utf-8",
    )
    assert table_readings(path) == {"海": ["hãi", "hại"], "\U00021a38": ["hãi"], "音": ["ậm"]}


def test_fields_of_unihan():
    assert places(["120'.3", "47.-1", "9.5"]) == [
        RadicalPlace(120, 3),
        RadicalPlace(47, 0),
        RadicalPlace(9, 5),
    ]
    assert hangul(["한:0E", "온:N"]) == ["한", "온"]


@pytest.mark.parametrize(
    ("description", "found"),
    [("⿰氵每", "氵每"), ("⿹{22}一", "一"), ("〾⿻一乚", "一乚"), ("⊖東㇒", ""), ("⿾臣", "臣"), ("？", "")],
)
def test_descriptions(description, found):
    assert "".join(components(description)) == found


def test_the_same_sources_make_the_same_file(tmp_path):
    for name in ("a", "b"):
        with new_table(tmp_path / name, characters=False) as table:
            write_readings(table, "vi", {"海": ["hải", "hãi"], "\uf900": ["hải"]})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    written = sqlite3.connect(":memory:")
    written.deserialize(gzip.decompress((tmp_path / "a").read_bytes()))
    assert written.execute("SELECT spelling, bare, characters FROM reading ORDER BY key").fetchall() == [
        ("hãi", "hai", "海"),
        ("hải", "hai", "海\uf900"),
    ]


def test_a_failed_writing_leaves_the_older_file(tmp_path):
    (tmp_path / "a").write_bytes(b"older")
    with pytest.raises(ZeroDivisionError), new_table(tmp_path / "a", characters=True):
        raise ZeroDivisionError
    assert (tmp_path / "a").read_bytes() == b"older"
