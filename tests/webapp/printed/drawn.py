"""A whole block and the page that it printed, as rows with files, drawn at random."""

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests import factories
from webapp.batches.models import Query
from webapp.blocks.models import Block, Place, Scan
from webapp.core.files.blobs import blob_put
from webapp.core.files.derived import write_derived
from webapp.gallery.models import Item, ItemVector
from webapp.pages.models import Box, Document, Page
from webapp.printed.models import PageMatch
from webapp.printed.searches import FoundMatch, page_search_done

PX_PER_MM = 2.0
PAGE_PX_PER_MM = 3.0
SIDE_MM = 9.0


@dataclass
class Drawn:
    """A block, its scan and items in reading order; ink: (H, W) uint8, white paper."""

    block: Block
    scan: Scan
    items: list[Item]
    middles: np.ndarray
    vectors: np.ndarray
    ink: np.ndarray


def block(random: np.random.Generator, *, count: int = 24, name: str = "A-1", model=None) -> Drawn:
    """A whole block of ``count`` characters on a grid, each with a vector of its own."""
    model = model or factories.release().model
    rows = -(-count // 8)
    ink = np.where(_noise(random, (int(rows * 24), 192)) > 0, 255, 0).astype(np.uint8)
    made = Block.objects.create(name=name)
    scan = Scan.objects.create(
        block=made, name=f"{name}.stl", sha256=_digest(name), state=Scan.State.READY,
        px_per_mm=PX_PER_MM, width_mm=96, height_mm=12 * rows, characters=count, queued=True,
    )  # fmt: skip
    write_derived("scans", scan.pk, {"ink.png": _png(ink)})
    middles = np.array([(6 + 12 * (one % 8), 6 + 12 * (one // 8)) for one in range(count)], float)
    middles += random.uniform(-1.5, 1.5, middles.shape)
    vectors = random.standard_normal((count, model.width)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    items = Item.objects.bulk_create(
        Item(name=f"{name}-{one}", sha256=_digest(f"{name}-{one}"), state="ready", handedness="mirrored",
             queued=True)
        for one in range(count)
    )  # fmt: skip
    ItemVector.objects.bulk_create(
        ItemVector(item=item, model=model, mirrored=True, vector=vector.tobytes())
        for item, vector in zip(items, vectors, strict=True)
    )
    Place.objects.bulk_create(
        Place(item=item, block=made, scan=scan, x_mm=x - SIDE_MM / 2, y_mm=y - SIDE_MM / 2, w_mm=SIDE_MM,
              h_mm=SIDE_MM, order=number)
        for number, (item, (x, y)) in enumerate(zip(items, middles.tolist(), strict=True), 1)
    )  # fmt: skip
    return Drawn(made, scan, items, middles, vectors, ink)


def page_of(drawn: Drawn, document: Document, random: np.random.Generator, *, strange: int = 0) -> Page:
    """The page that a block printed, with suggestions. strange: so many look as unlike as can be."""
    picture = at_page(drawn)
    size = picture.shape[1], picture.shape[0]
    blob = blob_put(io.BytesIO(_png(picture)), name="page.png")
    number = document.pages.count() + 1
    page = Page.objects.create(
        document=document, name=f"{number:03}.png", sha256=blob.sha256, position=number, width=size[0],
        height=size[1], state="ready", queued=True,
    )  # fmt: skip
    model = factories.release().model
    for place, (item, middle) in enumerate(zip(drawn.items, drawn.middles, strict=True)):
        vector = drawn.vectors[place] + 0.02 * random.standard_normal(drawn.vectors.shape[1])
        if place < strange:
            vector = -drawn.vectors[place]
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        query = factories.query(document.batch, vector=vector.tobytes(), vector_model=model)
        factories.suggestions(query, [item])
        x, y = middle * PAGE_PX_PER_MM - SIDE_MM * PAGE_PX_PER_MM / 2
        side = SIDE_MM * PAGE_PX_PER_MM
        Box.objects.create(
            page=page, x=x, y=y, w=side, h=side, order=place + 1, source="model", query=query, stale=False
        )
    return page


def at_page(drawn: Drawn) -> np.ndarray:
    """(H, W) uint8, the ink of a block in the size in which it is on its page."""
    scale = PAGE_PX_PER_MM / PX_PER_MM
    size = round(drawn.ink.shape[1] * scale), round(drawn.ink.shape[0] * scale)
    return np.asarray(Image.fromarray(drawn.ink).resize(size, Image.Resampling.BILINEAR))


def match(page: Page, drawn: Drawn, *, strange: int = 0, **values) -> PageMatch:
    """The match of a page with its block, as a worker writes it; the first ``strange`` are no inliers."""
    boxes = Box.objects.filter(page=page).order_by("order").values_list("pk", flat=True)
    pairs = [
        [box, item.pk, place >= strange]
        for place, (box, item) in enumerate(zip(boxes, drawn.items, strict=False))
    ]
    numbers = {
        "part": 1,
        "rank": 1,
        "residual_mm": 0.3,
        "p": 1e-30,
        "overlap": 0.95,
        "uneven_mm": 0.04,
        "believed": True,
    } | values
    found = FoundMatch(scan=drawn.scan.pk, inliers=len(pairs) - strange, pairs=pairs, **numbers)
    [row] = page_search_done(page=page, found=[found], faces=1, newest=drawn.scan.pk, boxes=len(pairs))
    return row


def queries(page: Page) -> list[Query]:
    """The queries of a page's boxes, in reading order."""
    return [box.query for box in Box.objects.filter(page=page).select_related("query").order_by("order")]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _noise(random: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Blots of about two millimetres."""
    small = random.standard_normal((size[0] // 3 + 1, size[1] // 3 + 1)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize((size[1], size[0]), Image.Resampling.BICUBIC))


def _png(pixels: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()
