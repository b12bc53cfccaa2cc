"""What a format is written from: the labels of a snapshot, and the pictures that they are of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from common.file_heads import HEAD
from common.file_types import sniff
from webapp.core.blobs import blob_path
from webapp.core.characters import codepoints
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import read_entries
from webapp.datasets.snapshots.manifest import Label, Match
from webapp.datasets.snapshots.splits import side_of
from webapp.gallery.models import Item

_ENDINGS = {"jpeg": "jpg"}


@dataclass(frozen=True)
class Member:
    """One file of an export. name: its path. content: where it lies, or its parts, read once."""

    name: str
    content: Path | Iterable[bytes]


@dataclass(frozen=True)
class Row:
    """One label. number: from 1 on. origin: where it comes from. side: of the split that was asked for.

    image: path of its picture in the export; empty where pictures are not wanted or its file is gone.
    """

    number: int
    label: Label
    origin: dict[str, Any]
    side: str
    image: str = ""


@dataclass
class Source:
    """A snapshot to be written. split: "block" or "character". tell: told how many labels are done.

    missing: what could not be put in, in words; filled while the members are gone through.
    """

    snapshot: Snapshot
    split: str
    with_images: bool
    tell: Callable[[int], None]
    missing: list[str] = field(default_factory=list)
    _items: dict[str, tuple[int, str] | None] = field(default_factory=dict)

    def rows(self, *, quietly: bool = False) -> Iterator[Row]:
        """The labels, from the first one each time. quietly: tell nobody.

        Raises:
            BadSnapshot: the snapshot's files are not what was frozen.
        """
        snapshot = self.snapshot
        entries = read_entries(snapshot.number, snapshot.digest, snapshot.origins)
        for number, (label, origin) in enumerate(entries, 1):
            image = self._image(label.query) if self.with_images else ""
            yield Row(number, label, origin, side_of(label, self.split), image)
            if not quietly:
                self.tell(number)

    def matches(self) -> Iterator[tuple[Row, Match]]:
        """Each match of each label, in order."""
        for row in self.rows():
            for match in row.label.matches:
                yield row, match

    def images(self) -> Iterator[Member]:
        """The pictures, each once."""
        if not self.with_images:
            return
        last = ""
        for row in self.rows(quietly=True):
            if row.label.query == last:
                continue
            last = row.label.query
            if row.image:
                yield Member(row.image, blob_path(last))
            else:
                self.missing.append(f"the file of the picture {row.origin['name']} ({last}) is gone")

    def item_images(self) -> Iterator[Member]:
        """The ink prints of all items that are matched, each once."""
        given: set[str] = set()
        for row in self.rows(quietly=True):
            for match in row.label.matches:
                if self.with_images and match.item not in given:
                    given.add(match.item)
                    path = self.item_print(match.item)
                    if path is not None:
                        yield Member(item_image(match.item), path)
                    else:
                        self.missing.append(f"the item {match.item} has no picture (yet)")

    def item_name(self, sha256: str) -> str:
        """The file name that an item came under; its digest where it is gone."""
        found = self._item(sha256)
        return found[1] if found else f"{sha256}.stl"

    def item_print(self, sha256: str) -> Path | None:
        """Where an item's ink print lies; None where there is none."""
        found = self._item(sha256)
        path = settings.ENV.data / "derived" / "items" / str(found[0]) / "print.png" if found else None
        return path if path and path.is_file() else None

    def _item(self, sha256: str) -> tuple[int, str] | None:
        if sha256 not in self._items:
            self._items[sha256] = Item.objects.filter(sha256=sha256).values_list("pk", "name").first()
        return self._items[sha256]

    def _image(self, sha256: str) -> str:
        ending = _ending(sha256)
        return f"images/{sha256}.{ending}" if ending else ""


def facts(row: Row, match: Match | None) -> dict[str, Any]:
    """One match of a label, or a label without one, as a flat row of a table."""
    label, origin = row.label, row.origin
    told = next(one for one in origin["decisions"] if one["id"] == origin["label"])
    return {
        "query": label.query,
        "name": origin["name"],
        "batch": origin["batch"],
        "verdict": label.verdict,
        "item": match.item if match else None,
        "character": (match and match.character) or None,
        "codepoint": codepoints(match.character) if match and match.character else None,
        "relation": (match and match.relation) or None,
        "reason": label.reason or None,
        "annotator": told["annotator"],
        "decided": told["decided"],
        "release": told["release"],
        "split": row.side,
        "image": row.image or None,
    }


def item_image(sha256: str) -> str:
    """Path of an item's ink print in an export."""
    return f"items/{sha256}.png"


def _ending(sha256: str) -> str:
    try:
        with blob_path(sha256).open("rb") as file:
            found = sniff(file.read(HEAD))
    except FileNotFoundError:
        return ""
    return _ENDINGS.get(found.name, found.name) if found.read else "bin"
