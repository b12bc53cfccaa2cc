"""The data files: two SQLite databases, compressed, that are only ever read."""

import gzip
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from webapp.characters.keys import bare_key, exact_key

_READINGS = """
CREATE TABLE spoken (code INTEGER, language TEXT, readings TEXT, PRIMARY KEY (code, language)) WITHOUT ROWID;
CREATE TABLE reading (key TEXT, language TEXT, bare TEXT, spelling TEXT, characters TEXT,
    PRIMARY KEY (key, language)) WITHOUT ROWID;
CREATE TABLE source (name TEXT, version TEXT, licence TEXT);
"""
_CHARACTERS = """
CREATE TABLE character (code INTEGER PRIMARY KEY, radical INTEGER, residual INTEGER, strokes INTEGER,
    description TEXT);
CREATE TABLE place (radical INTEGER, residual INTEGER, characters TEXT,
    PRIMARY KEY (radical, residual)) WITHOUT ROWID;
CREATE TABLE part (component TEXT PRIMARY KEY, characters TEXT) WITHOUT ROWID;
CREATE TABLE variant (code INTEGER PRIMARY KEY, others TEXT);
CREATE TABLE radical (number INTEGER PRIMARY KEY, character TEXT, strokes INTEGER, forms TEXT);
"""


@contextmanager
def new_table(path: Path, *, characters: bool) -> Iterator[sqlite3.Connection]:
    """An empty data file at ``path``, written whole or not at all."""
    aside = path.with_suffix(".new")
    with closing(sqlite3.connect(":memory:")) as table:
        table.executescript(_READINGS + (_CHARACTERS if characters else ""))
        yield table
        table.execute("CREATE INDEX reading_bare ON reading (bare)")
        table.commit()
        table.execute("VACUUM")
        # Without the time of day, the same sources give the same file.
        aside.write_bytes(gzip.compress(table.serialize(), mtime=0))
    aside.replace(path)


def write_sources(table: sqlite3.Connection, sources: Iterable[tuple[str, str, str]]) -> None:
    """Say in the file itself where it comes from: (name, version, licence)."""
    table.executemany("INSERT INTO source VALUES (?, ?, ?)", sources)


def write_readings(
    table: sqlite3.Connection,
    language: str,
    readings: Mapping[str, list[str]],
    keys: Callable[[str], str | None] = exact_key,
) -> None:
    """Readings of one language, by character and by key.

    keys: makes the key of a reading. A reading that has none is shown, and cannot be looked up.
    """
    by_key: dict[str, tuple[str, list[str]]] = {}
    for character in sorted(readings):
        unlike = {keys(reading) or reading: reading for reading in reversed(readings[character])}
        ordered = list(
            dict.fromkeys(reading for reading in readings[character] if reading in unlike.values())
        )
        table.execute("INSERT INTO spoken VALUES (?, ?, ?)", (ord(character), language, " ".join(ordered)))
        for reading in ordered:
            if key := keys(reading):
                by_key.setdefault(key, (reading, []))[1].append(character)
    rows = (
        (key, language, bare_key(key), reading, "".join(characters))
        for key, (reading, characters) in sorted(by_key.items())
    )
    table.executemany("INSERT INTO reading VALUES (?, ?, ?, ?, ?)", rows)


def write_groups(table: sqlite3.Connection, into: str, groups: Mapping[tuple, set[str]]) -> None:
    """Sets of characters by what they share; each key's words, then the characters as one text."""
    for key in sorted(groups):
        marks = ", ".join("?" * (len(key) + 1))
        table.execute(f"INSERT INTO {into} VALUES ({marks})", (*key, "".join(sorted(groups[key]))))  # noqa: S608
