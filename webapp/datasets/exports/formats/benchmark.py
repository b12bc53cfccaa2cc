"""A set that ``python -m retrieval evaluate`` reads: prints, meshes, and which is right for which."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, pictures_of
from webapp.datasets.exports.sources.image_names import ImageNames
from webapp.datasets.exports.sources.source import Block, Row, Source, sniffed
from webapp.datasets.exports.sources.stored_files import BLOCK
from webapp.datasets.exports.table import csv_line


def write(source: Source) -> Iterator[Member]:
    """``labels.csv`` (query,label), ``characters.csv`` (item,codepoint), ``queries/`` and ``database/``.

    Only pictures with a match whose mesh is there are in it; ``database/`` has the meshes of all blocks that
    were matched or suggested, under their own names.
    """
    names = _mesh_names(source)
    yield Member("labels.csv", _labels(source, names))
    yield Member("characters.csv", _characters(source, names))
    for member in pictures_of(row for row, _blocks in _right(source, names)):
        yield Member(_query(member.name), member.content, member.sha256)
    for sha256, name in names.items():
        yield Member(f"database/{name}", blob_path(sha256), sha256)


def _labels(source: Source, names: dict[str, str]) -> Iterator[bytes]:
    yield csv_line(["query", "label"])
    for row, blocks in _right(source, names):
        label = ",".join(names[block.sha256] for block in blocks)
        yield csv_line([_query(row.image).removeprefix("queries/"), label])


def _characters(source: Source, names: dict[str, str]) -> Iterator[bytes]:
    yield csv_line(["item", "codepoint"])
    given: set[str] = set()
    for _row, blocks in _right(source, names):
        for block in blocks:
            if block.character and block.sha256 not in given:
                given.add(block.sha256)
                yield csv_line([names[block.sha256], block.codepoint])


def _right(source: Source, names: dict[str, str]) -> Iterator[tuple[Row, list[Block]]]:
    """Each row that can be asked, with the blocks that are right for it."""
    for row in source.rows():
        blocks = [block for block in row.matches if block.sha256 in names]
        if row.image and blocks:
            yield row, blocks


def _mesh_names(source: Source) -> dict[str, str]:
    """By its digest, a name that no other mesh of the set has and every file system takes."""
    given, names = ImageNames(), {}
    seen: set[str] = set()
    for row in source.rows():
        matched = [(block.sha256, block.name) for block in row.matches]
        suggested = [(one["item"], one["item_name"]) for one in row.origin["suggestions"]]
        for sha256, name in [*matched, *suggested] if row.matches else []:
            if sha256 in seen:
                continue
            seen.add(sha256)
            if path := source.files.find(sha256, kind=BLOCK, name=name):
                words = name.replace(",", "_")  # a comma would end a name early
                names[sha256] = given.name(words, sniffed(path), key=int(sha256[:8], 16))
    return names


def _query(image: str) -> str:
    return image.replace("images/", "queries/", 1)


FORMAT = Format(name="benchmark", label=_("benchmark set (query,label with meshes)"), write=write)
