"""What an export is written from: the labels of a batch or of a snapshot, and the files that they are of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from common.file_heads import HEAD
from common.file_types import FileType, sniff
from webapp.core.characters import codepoints
from webapp.core.files.media import derived
from webapp.datasets.exports.sources.image_names import ImageNames
from webapp.datasets.exports.sources.stored_files import (
    BLOCK,
    NOT_MADE,
    NOT_SHOWN,
    PICTURE,
    MissingFile,
    StoredFiles,
)
from webapp.datasets.snapshots.entries import matches_in_order
from webapp.datasets.snapshots.manifest import Label
from webapp.datasets.snapshots.splits import with_sides
from webapp.gallery.models import Item
from webapp.pages.interchange.box_format import BookLayout
from webapp.search.fits import Fit

Entries = Callable[[], Iterator[tuple[Label, dict[str, Any]]]]


@dataclass(frozen=True)
class Block:
    """A block that a label names. id: in this gallery, None where it is gone. relation: may be empty.

    fit: where it lies on the picture, None where nobody laid it there.
    """

    sha256: str
    id: int | None
    name: str
    character: str
    relation: str
    fit: Fit | None = None

    @property
    def codepoint(self) -> str:
        return codepoints(self.character)


@dataclass(frozen=True)
class Row:
    """One picture with its label.

    Args:
        number: from 1 on.
        label: in a manifest's words; its verdict is empty where nobody labelled the picture.
        origin: where it comes from, as a snapshot keeps it.
        side: of the split that was asked for.
        matches: the blocks of the label, the one that was chosen first.
        image: path of the picture in the export; empty where pictures are not wanted or this one is missing.
    """

    number: int
    label: Label
    origin: dict[str, Any]
    side: str
    matches: tuple[Block, ...] = ()
    image: str = ""

    @property
    def decision(self) -> dict[str, Any]:
        """The decision that is the label; empty where there is none."""
        of_label = (one for one in self.origin["decisions"] if one["id"] == self.origin["label"])
        return next(of_label, {})


@dataclass
class Source:
    """Labels to be written, gone through as often as a format needs.

    Args:
        name: of the batch or the snapshot.
        made: when the labels were as they are here; the date of every file in the zip.
        entries: the labels with their origins, from the first one each time.
        split: "block" or "character".
        with_files: whether pictures are wanted.
        report: called with the number of labels gone through, on the first way only.
        digest: of the snapshot; empty for a batch.
        book: the pages of a document, in place of labels; None for a batch or a snapshot.
    """

    name: str
    made: datetime
    entries: Entries
    split: str
    with_files: bool
    report: Callable[[int], None]
    digest: str = ""
    book: BookLayout | None = None
    files: StoredFiles = field(default_factory=StoredFiles)
    _reported: int = 0
    _items: dict[str, tuple[int | None, str, bool, int | None]] = field(default_factory=dict)
    _without_print: set[str] = field(default_factory=set)
    _without_page: set[str] = field(default_factory=set)

    @property
    def missing(self) -> list[MissingFile]:
        """What could not be put in, of all that was gone through so far."""
        return self.files.missing

    def rows(self) -> Iterator[Row]:
        """All pictures that have a label.

        Raises:
            BadSnapshot: the snapshot's files are not what was frozen.
        """
        return self._rows(lambda label: bool(label.verdict))

    def all_rows(self) -> Iterator[Row]:
        """The same, and those of a batch that nobody has labelled yet."""
        return self._rows(lambda label: True)

    def _rows(self, wanted: Callable[[Label], bool]) -> Iterator[Row]:
        names, last, image = ImageNames(), "", ""
        entries = with_sides(self.entries(), self.split, label_of=itemgetter(0))
        for number, ((label, origin), side) in enumerate(entries, 1):
            if wanted(label):
                if label.query != last:
                    last, image = label.query, self._image(label, origin, names)
                matches = self._matches(label, origin)
                yield Row(number, label, self._named(origin), side, matches, image)
            if number > self._reported:
                self._reported = number
                self.report(number)

    def matches(self) -> Iterator[tuple[Row, Block]]:
        """Each match of each label, in order."""
        return ((row, block) for row in self.rows() for block in row.matches)

    def block_file(self, block: Block, name: str = "print.png") -> Path | None:
        """Where a block's ink print, or another file made of it, lies; None for none, noted as missing."""
        pk = self._item(block.sha256)[0]
        path = derived("items", pk, name) if pk else None
        if path and path.is_file():
            return path
        if block.sha256 not in self._without_print:
            self._without_print.add(block.sha256)
            self.missing.append(MissingFile(BLOCK, block.name, block.sha256, NOT_MADE))
        return None

    def is_mirrored(self, block: Block) -> bool:
        """Whether a block's ink print was turned over on the way from its height map."""
        return self._item(block.sha256)[2]

    def page_picture(self, row: Row) -> Path | None:
        """Where a row's picture lies as pages show it; None for none, noted as missing."""
        path = derived("queries", row.origin["query_id"], "page.webp")
        if path.is_file():
            return path
        if row.label.query not in self._without_page:
            self._without_page.add(row.label.query)
            self.missing.append(MissingFile(PICTURE, row.origin["name"], row.label.query, NOT_SHOWN))
        return None

    def _matches(self, label: Label, origin: dict[str, Any]) -> tuple[Block, ...]:
        names = {one["item"]: one for one in origin.get("matches", ())}
        found = []
        for match in matches_in_order(label, origin):
            words = names.get(match.item) or self._words(match.item)
            found.append(
                Block(
                    sha256=match.item,
                    id=words["item_id"],
                    name=words["item_name"],
                    character=match.character,
                    relation=match.relation,
                    fit=self._fit(match.item, words.get("fit")),
                )
            )
        return tuple(found)

    def _fit(self, sha256: str, stored: dict[str, Any] | None) -> Fit | None:
        return Fit.of(stored, turn=self._item(sha256)[3]) if stored else None

    def _named(self, origin: dict[str, Any]) -> dict[str, Any]:
        """The origin with names for suggested blocks, where it was frozen without."""
        if all("item_name" in one for one in origin["suggestions"]):
            return origin
        suggestions = [self._words(one["item"]) | one for one in origin["suggestions"]]
        return {**origin, "suggestions": suggestions}

    def _words(self, sha256: str) -> dict[str, Any]:
        pk, name, *_ = self._item(sha256)
        return {"item": sha256, "item_id": pk, "item_name": name}

    def _item(self, sha256: str) -> tuple[int | None, str, bool, int | None]:
        """Id and name of an item of the gallery, whether it is mirrored, and its turn; its digest in place of
        the name where it is gone.
        """
        if sha256 not in self._items:
            found = Item.objects.filter(sha256=sha256).only("name", "handedness", "turn").first()
            self._items[sha256] = (
                (found.pk, found.name, found.is_mirrored, found.turn)
                if found
                else (None, sha256, False, None)
            )
        return self._items[sha256]

    def _image(self, label: Label, origin: dict[str, Any], names: ImageNames) -> str:
        if not self.with_files:
            return ""
        path = self.files.find(label.query, kind=PICTURE, name=origin["name"])
        return f"images/{names.name(origin['name'], sniffed(path), key=origin['query_id'])}" if path else ""


def sniffed(path: Path) -> FileType:
    """What the file at ``path`` is by its content."""
    with path.open("rb") as file:
        return sniff(file.read(HEAD))
