"""``python -m webapp.characters.make``: writes the data files anew from what was fetched."""

import argparse
import sqlite3
from collections import defaultdict
from pathlib import Path

from webapp.characters.kana import romaji
from webapp.characters.make import unihan as fields
from webapp.characters.make.ids import components
from webapp.characters.make.m17n import table_readings
from webapp.characters.make.tables import new_table, write_groups, write_readings, write_sources

_DATA = Path(__file__).parents[1] / "data"


def main() -> None:
    """Read the arguments, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mojidata", type=Path, help="moji.db of the npm package @mandel59/mojidata")
    parser.add_argument("m17n", type=Path, help="the folder of m17n's tables, with vi-han.mim and vi-nom.mim")
    parser.add_argument("--versions", nargs=2, required=True, metavar=("MOJIDATA", "M17N"))
    given = parser.parse_args()
    with sqlite3.connect(f"file:{given.mojidata}?mode=ro", uri=True) as source:
        _write_characters(source, given.versions[0])
    _write_vietnamese(given.m17n, given.versions[1])


def _write_characters(source: sqlite3.Connection, version: str) -> None:
    with new_table(_DATA / "characters.sqlite.gz", characters=True) as table:
        write_sources(
            table,
            [
                ("Unihan", "17.0.0", "Unicode-3.0"),
                (
                    "BabelStone IDS, with additions of Mojidata IDS",
                    f"as in mojidata {version}",
                    "free for any use",
                ),
            ],
        )
        descriptions = _write_descriptions(source, table)
        _write_places(source, table, descriptions)
        write_readings(table, "vi", dict(fields.field(source, "kVietnamese")))
        write_readings(table, "zh", fields.mandarin(source))
        korean = {character: fields.hangul(words) for character, words in fields.field(source, "kHangul")}
        write_readings(table, "ko", korean)
        write_readings(table, "ja", dict(fields.field(source, "kJapanese")), keys=romaji)
        others = {character: "".join(found) for character, found in fields.variants(source).items()}
        table.executemany("INSERT INTO variant VALUES (?, ?)", sorted((ord(c), o) for c, o in others.items()))


def _write_descriptions(source: sqlite3.Connection, table: sqlite3.Connection) -> dict[str, str]:
    """Components, and for each character one description: the Vietnamese form's where there is one.

    A compatibility ideograph is found by the components of the unified one: no table describes it.
    """
    by_character: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for character, regions, description in source.execute("SELECT UCS, source, IDS FROM ids ORDER BY rowid"):
        by_character[character].append(("V" not in regions, description))
    compatible = {
        character: chr(int(words[0].removeprefix("U+"), 16))
        for character, words in fields.field(source, "kCompatibilityVariant")
    }
    parts: dict[tuple, set[str]] = defaultdict(set)
    for character, unified in [*((one, one) for one in by_character), *compatible.items()]:
        for _, description in by_character.get(unified, ()):
            for part in components(description):
                if part != unified:
                    parts[part,].add(character)
    write_groups(table, "part", parts)
    return {character: min(found, key=lambda one: one[0])[1] for character, found in by_character.items()}


def _write_places(
    source: sqlite3.Connection, table: sqlite3.Connection, descriptions: dict[str, str]
) -> None:
    strokes = {character: int(words[0]) for character, words in fields.field(source, "kTotalStrokes")}
    groups: dict[tuple, set[str]] = defaultdict(set)
    for character, words in fields.field(source, "kRSUnicode"):
        places = fields.places(words)
        for place in places:
            groups[place.radical, place.residual].add(character)
        first = places[0]
        row = (
            ord(character),
            first.radical,
            first.residual,
            strokes.get(character),
            descriptions.get(character),
        )
        table.execute("INSERT INTO character VALUES (?, ?, ?, ?, ?)", row)
    write_groups(table, "place", groups)
    _write_radicals(source, table, groups, strokes)


def _write_radicals(source, table, groups: dict[tuple, set[str]], strokes: dict[str, int]) -> None:
    """The 214, each with its strokes and the forms that it takes inside characters."""
    signs = source.execute("SELECT radical_character, radical_CJKUI FROM radeqv").fetchall()
    rows = source.execute("SELECT radical_number, radical_CJKUI FROM radicals WHERE radical_simplified = 0")
    for number, character in rows.fetchall():
        usual = {character} | {plain for sign, plain in signs if plain in groups[number, 0]}
        forms = usual | {sign for sign, plain in signs if plain in usual}
        forms |= {chr(0x2EFF + number)}
        row = (number, character, strokes[character], "".join(sorted(forms)))
        table.execute("INSERT INTO radical VALUES (?, ?, ?, ?)", row)


def _write_vietnamese(folder: Path, version: str) -> None:
    with new_table(_DATA / "vietnamese.sqlite.gz", characters=False) as table:
        write_sources(table, [("m17n-db, vi-han.mim and vi-nom.mim", version, "LGPL-2.1-or-later")])
        write_readings(table, "sino-vi", table_readings(folder / "vi-han.mim"))
        write_readings(table, "vi", table_readings(folder / "vi-nom.mim"))


main()
