"""The data files, opened when the first of them is asked, and kept in memory: about 10 MB."""

import gzip
import sqlite3
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


def rows(question: str, *values: str | int) -> list[tuple]:
    """What the table of characters answers: places, components, variants, readings of Unihan."""
    return _table("characters").execute(question, values).fetchall()


def rows_of_readings(question: str, *values: str | int) -> list[tuple]:
    """What all tables answer of readings: those of m17n first, where that file is there, then Unihan's."""
    found = _table("vietnamese").execute(question, values).fetchall() if _has_vietnamese() else []
    return found + rows(question, *values)


def sources() -> list[tuple[str, str, str]]:
    """Where the data come from: (name, version, licence)."""
    return rows_of_readings("SELECT name, version, licence FROM source")


@lru_cache(maxsize=1)
def _has_vietnamese() -> bool:
    return (_FOLDER / "vietnamese.sqlite.gz").exists()


@lru_cache(maxsize=2)
def _table(name: str) -> sqlite3.Connection:
    # SQLite lets several threads share one connection, and nobody writes.
    table = sqlite3.connect(":memory:", check_same_thread=False)
    table.deserialize(gzip.decompress((_FOLDER / f"{name}.sqlite.gz").read_bytes()))
    table.execute("PRAGMA query_only = ON")
    return table
