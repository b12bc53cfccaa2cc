"""The layout of the original course, which ``python -m retrieval evaluate`` reads."""

from collections.abc import Iterator

from common.file_types import Kind, endings_of
from webapp.core.blobs import blob_path
from webapp.core.characters import codepoints
from webapp.datasets.exports.formats.source import Member, Row, Source
from webapp.datasets.exports.formats.tables import csv_line


def course(source: Source) -> Iterator[Member]:
    """``labels.csv`` (query,label) and ``characters.csv`` (item,codepoint).

    With the pictures it is a whole set: ``queries/``, and ``database/`` with the meshes of all items that
    are matched or were suggested. Only queries with a match are in it.
    """
    yield Member("labels.csv", _labels(source))
    if not source.with_images:
        return
    yield Member("characters.csv", _characters(source))
    for member in source.images():
        yield Member(_query(member.name), member.content)
    for sha256 in _items(source):
        path = blob_path(sha256)
        if path.is_file():
            yield Member(f"database/{_mesh(source, sha256)}", path)
        else:
            source.missing.append(f"the mesh of the item {sha256} is gone")


def _labels(source: Source) -> Iterator[bytes]:
    yield csv_line(["query", "label"])
    for row in source.rows():
        if row.label.matches:
            named = ",".join(_mesh(source, match.item) for match in row.label.matches)
            yield csv_line([_picture(row), named])


def _characters(source: Source) -> Iterator[bytes]:
    yield csv_line(["item", "codepoint"])
    told: set[str] = set()
    for row in source.rows(quietly=True):
        for match in row.label.matches:
            if match.character and match.item not in told:
                told.add(match.item)
                yield csv_line([_mesh(source, match.item), codepoints(match.character)])


def _items(source: Source) -> Iterator[str]:
    given: set[str] = set()
    for row in source.rows(quietly=True):
        matched = [match.item for match in row.label.matches]
        for sha256 in [*matched, *(one["item"] for one in row.origin["suggestions"])]:
            if sha256 not in given:
                given.add(sha256)
                yield sha256


def _picture(row: Row) -> str:
    return _query(row.image).removeprefix("queries/") if row.image else row.label.query


def _query(image: str) -> str:
    return image.replace("images/", "queries/", 1)


def _mesh(source: Source, sha256: str) -> str:
    """A name that no two items share, with the ending that says what the file is."""
    ending = source.item_name(sha256).rpartition(".")[2].lower()
    return f"{sha256}.{ending if ending in endings_of(Kind.MESH) else 'stl'}"
