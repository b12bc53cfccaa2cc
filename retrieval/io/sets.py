"""Read a benchmark set: carved items, query pictures, and which items are right for which query.

A set is a folder, or a zip of one, with ``database/`` (one mesh an item), ``queries/`` (one picture a
query), ``labels.csv`` (``query,label``: the right items' file names, separated by commas) and, where
there are any, ``kinds.csv`` (``query,kind``), ``characters.csv`` (``item,codepoint``) and ``same.csv``
(``query,label``: all carvings of its character, where labels name the very carving).
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from common.errors import BadInput
from common.file_types import Kind, ending, endings_of
from common.order import natural_key
from retrieval.errors import BadSet
from retrieval.io.files import Files, open_files

LABELS, KINDS, CHARACTERS, SAME = "labels.csv", "kinds.csv", "characters.csv", "same.csv"
DATABASE, QUERIES = "database/", "queries/"
_LAYOUT = "a set has database/, queries/ and labels.csv with the columns query and label"
_NAMED_AT_MOST = 20
_MAX_TABLE_BYTES = 2**28
_NOTES = {"mtl", "md", "xml", "html", "log", "py", *endings_of(Kind.LABELS)}
_NOTES_AND_TEXTURES = _NOTES | {*endings_of(Kind.PICTURE)}


@dataclass(frozen=True)
class BenchSet:
    """A set whose labels name only items it has.

    items: mesh files of ``database/``. queries: the labelled queries, whose picture may be missing.
    labels: for each query, its right items, at least one. kinds: for a query, its kind.
    characters: for an item, its codepoint ("U+4E00"). unlabelled: queries left out of the score
    because nothing is known to be right for them. same: for a query, every item of its character, where
    labels name its very carving; empty where they do not. Names are in natural order, without their folder.
    """

    name: str
    items: tuple[str, ...]
    queries: tuple[str, ...]
    labels: Mapping[str, frozenset[str]]
    kinds: Mapping[str, str]
    characters: Mapping[str, str]
    unlabelled: tuple[str, ...]
    files: Files
    root: str = ""
    same: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def read_item(self, name: str) -> bytes:
        """An item's mesh file. Raises BadInput where it cannot be read."""
        return self.files.read(f"{self.root}{DATABASE}{name}")

    def read_query(self, name: str) -> bytes:
        """A query's picture file. Raises BadInput where it is missing or cannot be read."""
        return self.files.read(f"{self.root}{QUERIES}{name}")


def read_set(path: Path | str) -> BenchSet:
    r"""Open a set in a folder or a zip, which may hold it one folder deeper.

    Raises:
        BadSet: the layout is another, a table is damaged, or labels name items that are not there (code
            "set_items_missing", with their names).

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from retrieval.io.sets import read_set
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name in ("database/block.stl", "queries/print.png"):
        ...     (folder / name).parent.mkdir()
        ...     (folder / name).touch()
        >>> _ = (folder / "labels.csv").write_text("query,label\nprint.png,block.stl\n")
        >>> bench = read_set(folder)
        >>> bench.items, bench.queries, sorted(bench.labels["print.png"])
        (('block.stl',), ('print.png',), ['block.stl'])
    """
    try:
        files = open_files(path)
    except BadInput as error:
        raise BadSet(str(error), hint=error.hint or _LAYOUT, code=error.code) from error
    root = _root_of(files, path)
    items = mesh_names(_under(files.names, root + DATABASE))
    if not items:
        raise BadSet(f"{path} has no meshes in {root}{DATABASE}", hint=_LAYOUT)
    labels = _read_labels(files, root + LABELS)
    same = _read_labels(files, root + SAME) if root + SAME in files.names else {}
    for named in (labels, same):
        _refuse_missing(named, items, path)
    right = {query: frozenset(names) for query, names in labels.items() if names}
    pictures = picture_names(_under(files.names, root + QUERIES))
    return BenchSet(
        name=files.name,
        items=items,
        queries=tuple(sorted(right, key=natural_key)),
        labels=right,
        kinds=read_pairs(files, root + KINDS, ("query", "kind")),
        characters=read_pairs(files, root + CHARACTERS, ("item", "codepoint")),
        unlabelled=tuple(sorted({*pictures, *labels} - right.keys(), key=natural_key)),
        files=files,
        root=root,
        same={query: frozenset(same.get(query, ())) | right[query] for query in right} if same else {},
    )


def mesh_names(names: Iterable[str]) -> tuple[str, ...]:
    """Leave out what lies beside meshes and is none: materials, textures, tables, notes."""
    return tuple(name for name in names if ending(name) not in _NOTES_AND_TEXTURES)


def picture_names(names: Iterable[str]) -> tuple[str, ...]:
    """Leave out what lies beside pictures and is none: tables and notes."""
    return tuple(name for name in names if ending(name) not in _NOTES)


def split_label(label: str) -> tuple[str, ...]:
    """The names in one cell of ``labels.csv``."""
    return tuple(normalize("NFC", name.strip()) for name in label.split(",") if name.strip())


def _root_of(files: Files, path: Path | str) -> str:
    """The folder inside that holds labels.csv; the outermost where there are several."""
    found = [name for name in files.names if name == LABELS or name.endswith("/" + LABELS)]
    if not found:
        raise BadSet(f"{path} has no {LABELS}", hint=_LAYOUT)
    return min(found, key=lambda name: name.count("/")).removesuffix(LABELS)


def _under(names: Iterable[str], folder: str) -> list[str]:
    return [name.removeprefix(folder) for name in names if name.startswith(folder)]


def _read_labels(files: Files, name: str) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = {}
    for query, label in _rows(files, name, ("query", "label")):
        labels.setdefault(query, set()).update(split_label(label))
    if not any(labels.values()):
        raise BadSet(f"{name} labels no query", hint=_LAYOUT)
    return labels


def read_pairs(files: Files, name: str, columns: tuple[str, str]) -> dict[str, str]:
    """Two columns of a table; empty where there is no such table. Raises BadSet for a damaged one."""
    return dict(_rows(files, name, columns)) if name in files.names else {}


def _rows(files: Files, name: str, columns: tuple[str, str]) -> list[tuple[str, str]]:
    """Two columns of a table, trimmed; rows without a first cell are left out."""
    try:
        text = files.read(name, limit=_MAX_TABLE_BYTES).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (BadInput, UnicodeError, csv.Error) as error:
        raise BadSet(f"{name} cannot be read: {error}", hint="save it as CSV in UTF-8") from error
    if rows and not set(columns) <= rows[0].keys():
        raise BadSet(f"{name} has no columns {columns[0]} and {columns[1]}", hint=_LAYOUT)
    cells = (tuple(normalize("NFC", (row[column] or "").strip()) for column in columns) for row in rows)
    return [(first, second) for first, second in cells if first]


def _refuse_missing(labels: Mapping[str, set[str]], items: Iterable[str], path: Path | str) -> None:
    missing = sorted(set().union(*labels.values()) - set(items), key=natural_key)
    if missing:
        shown = ", ".join(missing[:_NAMED_AT_MOST])
        more = f" and {len(missing) - _NAMED_AT_MOST} more" if len(missing) > _NAMED_AT_MOST else ""
        raise BadSet(
            f"the labels of {path} name {len(missing)} items that are not in {DATABASE}: {shown}{more}",
            hint=f"add these meshes, or take them out of {LABELS}",
            code="set_items_missing",
        )
