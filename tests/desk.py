"""An annotator's desk: batches that are ready for review, with pictures behind every row and no worker run.

The rows are written in bulk and the pictures are a handful, linked as often as they are shown, so that ten
thousand queries take seconds.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from tests import factories, meshes, pictures
from webapp.accounts.models import User
from webapp.batches.models import Batch, Query
from webapp.core.files.blobs import blob_path
from webapp.core.files.media import derived
from webapp.gallery.models import Item
from webapp.search.models import Suggestion

CHARACTERS = "一丁七上下不世中主久乎九也亂事二五交亦人今他令以"
_AT_ONCE = 2000


@dataclass(frozen=True)
class Desk:
    """batch: ``owner``'s, shared with the project, all its queries ready. items: the gallery."""

    owner: User
    batch: Batch
    queries: list[Query]
    items: list[Item]

    @property
    def page(self) -> str:
        """Address of the batch's review."""
        return f"/batches/{self.batch.pk}/review/"


def desk(owner: User, *, queries: int = 12, items: int = 12, name: str = "Kiều, page 13") -> Desk:
    """A desk with so many queries, each with five suggestions out of so many items."""
    gallery = [_item(seed) for seed in range(items)]
    batch = factories.batch(owner, name=name, shared=True)
    made = _queries(batch, queries, sorts=items)
    _suggestions(made, gallery)
    return Desk(owner, batch, made, gallery)


def _item(seed: int) -> Item:
    item = factories.item(seed=seed, character=CHARACTERS[seed % len(CHARACTERS)], prepared_with="a" * 64)
    for name, content in _files(seed).items():
        _write(derived("items", item.pk, name), content)
    return item


@cache
def _files(seed: int) -> dict[str, bytes]:
    """What lies beside an item: drawn once for all the tests of a process."""
    block = meshes.block(seed, "glb", cells=24)
    return {"viewer.glb": block, "print.png": pictures.png(seed), "thumb.webp": _carved(seed)}


@cache
def _original(seed: int) -> bytes:
    return pictures.encoded(pictures.print_of(seed, 256, style=1), "WEBP")


def _carved(seed: int, size: int = 256) -> bytes:
    """The block as a shaded picture: its strokes lighter than its floor."""
    ink = Image.fromarray((60 + 150 * pictures.glyph(seed, size)).astype("uint8"))
    return pictures.encoded(ink, "WEBP", quality=80)


def _queries(batch: Batch, count: int, sorts: int) -> list[Query]:
    rows = [
        Query(
            batch=batch,
            name=f"{place:05}.png",
            sha256=f"{place % 256:02x}{batch.pk:030x}{place:032x}",
            state=Query.State.READY,
            width=256,
            height=256,
        )
        for place in range(count)
    ]
    made = Query.objects.bulk_create(rows, batch_size=_AT_ONCE)
    originals = [_original(seed) for seed in range(sorts)]
    shelf = derived("queries", made[0].pk, "page.webp").parent.parent / "handful"
    files = [_write(shelf / f"{batch.pk}-{seed}.webp", content) for seed, content in enumerate(originals)]
    for place, query in enumerate(made):
        for path in (derived("queries", query.pk, "page.webp"), blob_path(query.sha256)):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(files[place % sorts], path)
    return made


def _suggestions(queries: list[Query], gallery: list[Item]) -> None:
    release = factories.release()
    rows = [
        Suggestion(
            query=query,
            item=gallery[(place + rank - 1) % len(gallery)],
            release=release,
            rank=rank,
            distance=0.05 + 0.11 * rank,
            confidence=(0.93, 0.04, 0.02, 0.006, 0.004)[rank - 1],
            mirrored=True,
        )
        for place, query in enumerate(queries)
        for rank in range(1, min(5, len(gallery)) + 1)
    ]
    Suggestion.objects.bulk_create(rows, batch_size=_AT_ONCE)


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
