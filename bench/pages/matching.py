"""Whole pages: finding the characters of one, and a hundred from upload to their suggestions.

``python -m bench.pages.matching COUNT`` makes the second measurement with so many pages.
"""

import io
import sys
import time
from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image

from bench import running
from bench.table import BenchmarkRow
from retrieval.locate import Localiser
from tests import meshes, pictures
from tests.browser.client import Client, until

HIGH, WIDE = 2000, 1440  # pixels of a page
SIZE, STEP, PITCH = 76, 92, 110  # of its characters
PAGES, TIMES, SIGNS, BLOCKS = 100, 8, 60, 60
_BAR, _ALL_BAR = 1.0, 360.0  # seconds: the bars


def rows() -> Iterator[BenchmarkRow]:
    """The rows of the benchmark page."""
    yield finding()
    yield matching(PAGES)


def draw_page(seed: int) -> np.ndarray:
    """Columns of made-up characters between rules on grey paper, (HIGH, WIDE) uint8."""
    random = np.random.default_rng(seed)
    page = random.normal(205, 5, (HIGH, WIDE)).astype(np.float32)
    signs = [pictures.glyph(sign, SIZE, style=1) for sign in range(SIGNS)]
    for left in range(60, WIDE - PITCH, PITCH):
        page[60 : HIGH - 60, left - 12 : left - 9] -= 120
        for top in range(80, HIGH - STEP, STEP):
            page[top : top + SIZE, left : left + SIZE] -= 150 * signs[int(random.integers(SIGNS))]
    return np.clip(page, 0, 255).astype(np.uint8)


def finding() -> BenchmarkRow:
    """One page after the other through the localiser."""
    torch.set_num_threads(2)
    localiser = Localiser.load()
    pages = [draw_page(seed) for seed in range(TIMES)]
    found = len(localiser.locate(pages[0]).boxes)
    times, processor = [], time.process_time()
    for page in pages:
        began = time.perf_counter()
        localiser.locate(page)
        times.append(time.perf_counter() - began)
    each = (time.process_time() - processor) / TIMES
    torch.set_num_threads(1)
    return BenchmarkRow(
        f"finding the characters of a page of {HIGH:,} px, longest of {TIMES}",
        f"**{max(times):.2f} s**",
        f"{_BAR:g} s",
        f"{WIDE:,} x {HIGH:,} px, {found} characters, on 2 threads; median {np.median(times):.2f} s, "
        f"{each:.2f} s of processor a page",
    )


def matching(count: int) -> BenchmarkRow:
    """Pages from upload until each of their characters has its suggestions."""
    with running.installation() as stack:
        folder = stack.folder / "meshes"
        folder.mkdir()
        for seed in range(BLOCKS):
            (folder / f"{seed}.stl").write_bytes(meshes.block(seed, cells=60))
        stack.manage("import_gallery", str(folder), within=900)
        client = stack.client()
        files = [(f"{seed:03}.png", _png(draw_page(seed))) for seed in range(count)]
        began = time.monotonic()
        sent = client.send("/api/v1/documents/", files, {"title": "benchmark"}).json
        uploaded = time.monotonic() - began
        document = until(lambda: _ready(client, sent["id"]), within=20 * count + 120, every=0.5)
        took = time.monotonic() - began
    return BenchmarkRow(
        f"{count} pages of {HIGH:,} px, upload to five matches for every character",
        f"**{took:.0f} s**",
        f"{_ALL_BAR * count / PAGES:.0f} s",
        f"one API upload ({uploaded:.1f} s of it) of PNG files, {document['characters']:,} characters found, "
        f"{document['matched']:,} matched among {BLOCKS} items; {took / count:.1f} s a page",
    )


def _png(page: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(page).save(data, "PNG", compress_level=1)
    return data.getvalue()


def _ready(client: Client, document: int) -> dict | None:
    found = client.get(f"/api/v1/documents/{document}/").json
    return found if found["status"] == "ready" else None


if __name__ == "__main__":
    print(matching(int(sys.argv[1])))  # noqa: T201 - a command's answer
