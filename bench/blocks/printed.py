"""Which block printed a page, on drawn blocks: 60 of them and 50 pages, or fewer.

``python -m bench.blocks.printed FOLDER [--pages 50] [--blocks 60] [--twins 10]`` draws and reads one block
or page after another, and keeps each in FOLDER: stopped at any point, the same command goes on.
FOLDER/table.json has all.

Four pages in five have their block on the shelf. Of the twins, the same texts by another hand, half stand
beside the page's own block, half for one that is lost; other lost ones have no twin. Other books' blocks
fill up.
"""

import argparse
import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.publish import write_aside
from retrieval.blocks.printed.layover import Placed
from retrieval.blocks.printed.shelf import Shelf, placed_face, placed_page
from retrieval.blocks.reading import BlockReader
from retrieval.blocks.scan import scan_of
from retrieval.embed.embedder import Embedder
from retrieval.locate import Localiser
from retrieval.locate.scores import matched, order_score
from retrieval.locate.strokes import not_thin
from retrieval.synth.blocks import (
    Carving,
    Text,
    block_mesh,
    carve,
    carved_height,
    draw_text,
    print_page,
    same_text,
)
from retrieval.synth.pages.bank import GlyphBank, draw_bank
from retrieval.synth.textures import Textures
from workers.runtime.threads import one_thread_each

log = logging.getLogger(__name__)
_SEED, _SHARE, _EACH, _PITCH = 61, 0.8, 60, 0.2
_THIN = 0.35  # of the usual edge: strokes alone are no characters


@dataclass(frozen=True)
class Plan:
    """What is drawn.

    pages: number of a text each; a page's block is on the shelf where ("own", text) is.
    shelf: (hand, number of a text); the hand is "own" or "twin".
    """

    pages: list[int]
    shelf: list[tuple[str, int]]


def plan_of(pages: int, blocks: int, twins: int) -> Plan:
    """Pages and shelf: own blocks, twins beside some of them, twins of lost ones, and other books' blocks."""
    own = round(_SHARE * pages)
    beside = min(twins - twins // 2, own)
    alone = min(twins // 2, pages - own)
    shelf = [("own", text) for text in range(own)]
    shelf += [("twin", text) for text in (*range(beside), *range(own, own + alone))]
    others = max(0, blocks - len(shelf))
    return Plan(list(range(pages)), shelf + [("own", pages + text) for text in range(others)])


class _Drawn:
    """Texts, their carvings, and what is read of them, each drawn from its own lots."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.bank: GlyphBank = draw_bank(np.random.default_rng(_SEED), each=_EACH)
        _check_bank(folder, self.bank)
        self._textures = Textures(np.random.default_rng(_SEED), 8)
        self._reader = BlockReader(Localiser.load(), Embedder.load(device="cpu"))

    def _carving(self, hand: str, number: int) -> Carving:
        text = self._text(number)
        random = np.random.default_rng([_SEED, number, len(hand)])
        if hand == "twin":
            text = same_text(random, text)
        return carve(random, self.bank, text, self._textures, pitch=_PITCH)

    def _text(self, number: int) -> Text:
        random = np.random.default_rng([_SEED, number])
        return draw_text(random, self.bank, character=float(random.uniform(9, 13)))

    def block(self, hand: str, number: int) -> tuple[Placed, dict]:
        """A block, and how well it was read."""
        path = self._folder / f"{hand}-{number:03d}.npz"
        if not path.exists():
            carving = self._carving(hand, number)
            height, kept = carved_height(np.random.default_rng([_SEED, number, 9]), carving)
            mesh = block_mesh(height, _PITCH)
            read = self._reader.read(scan_of(mesh.vertices, mesh.faces, name=path.stem))
            boxes = [one.box for one in read.characters]
            found = np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in boxes]).reshape(-1, 4)
            true = not_thin(carving.boxes[kept], _THIN)
            pairs = matched(found, true, 0.5)
            scores = {
                "characters": len(true),
                "recall": len(pairs) / max(1, len(true)),
                "precision": len(pairs) / max(1, len(found)),
                "order": float(order_score(found, true)[0]),
            }
            _keep(path, placed_face(path.stem, read, self._reader.embedder), scores, carving.boxes)
            log.info("%s: %s", path.stem, scores)
        return _kept(path)[:2]

    def page(self, number: int) -> tuple[Placed, np.ndarray, np.ndarray]:
        """The page of a text's own block; the middles of its characters, in pixels, and on the block."""
        path = self._folder / f"page-{number:03d}.npz"
        if not path.exists():
            carving = self._carving("own", number)
            grey, boxes = print_page(np.random.default_rng([_SEED, number, 8]), carving)
            page = placed_page(path.stem, grey, self._reader.localiser, self._reader.embedder)
            _keep(path, page, {}, np.concatenate([boxes, carving.boxes]))
            log.info("%s: %d characters", path.stem, len(page.vectors))
        placed, _, boxes = _kept(path)
        on_page, on_block = np.split((boxes[:, :2] + boxes[:, 2:]) / 2, 2)
        return placed, on_page, on_block


def _check_bank(folder: Path, bank: GlyphBank) -> None:
    """Stop where the folder's blocks were drawn from other glyphs: typefaces came or went since."""
    digest, kept = hashlib.sha256(np.ascontiguousarray(bank.fields).tobytes()).hexdigest(), folder / "glyphs"
    if kept.exists() and kept.read_text() != digest:
        raise SystemExit(f"{folder} was drawn from other typefaces than are here now; name an empty folder")
    kept.write_text(digest)


def _keep(path: Path, placed: Placed, scores: dict, boxes: np.ndarray) -> None:
    with write_aside(path) as aside, aside.open("wb") as file:
        np.savez_compressed(
            file, middles=placed.middles, sides=placed.sides, vectors=placed.vectors, pitch=placed.pitch,
            ink=np.rint(placed.ink * 255).astype(np.uint8), boxes=boxes, scores=json.dumps(scores),
        )  # fmt: skip


def _kept(path: Path) -> tuple[Placed, dict, np.ndarray]:
    with np.load(path) as parts:
        ink = parts["ink"].astype(np.float32) / 255
        placed = Placed(
            path.stem, parts["middles"], parts["sides"], parts["vectors"], ink, float(parts["pitch"])
        )
        return placed, json.loads(str(parts["scores"])), parts["boxes"]


def measure(folder: Path, plan: Plan) -> dict:
    """Draw, read and search what is planned."""
    drawn = _Drawn(folder)
    blocks = [drawn.block(*one) for one in plan.shelf]
    shelf = Shelf([placed for placed, _ in blocks])
    pages = [_page_row(drawn, shelf, number, ("own", number) in plan.shelf) for number in plan.pages]
    return {"summary": _summary(pages, blocks), "pages": pages, "blocks": [row for _, row in blocks]}


def _page_row(drawn: _Drawn, shelf: Shelf, number: int, has_block: bool) -> dict:
    page, on_page, on_block = drawn.page(number)
    matches = shelf.matches(page)
    wanted = f"own-{number:03d}" if has_block else ""
    row = {"page": page.name, "wanted": wanted, "found": "", "tried": []}
    for match in matches:
        row["tried"].append(
            [match.block, len(match.laid.pairs), round(match.inks.overlap, 3), round(match.inks.uneven_mm, 3)]
        )
    if matches and matches[0].is_believed:
        row["found"] = matches[0].block
        if matches[0].block == wanted:
            away = np.linalg.norm(matches[0].laid.on_face(on_page) - on_block, axis=1)
            row["error_mm"] = float(np.median(away))
    log.info("%s: %s", page.name, row)
    return row


def _summary(pages: list[dict], blocks: list[tuple[Placed, dict]]) -> dict:
    own = [row for row in pages if row["wanted"]]
    errors = [row["error_mm"] for row in own if "error_mm" in row]
    return {
        "pages": len(pages),
        "blocks": len(blocks),
        "right": sum(row["found"] == row["wanted"] for row in own),
        "of": len(own),
        "lost given a block": sum(bool(row["found"]) for row in pages if not row["wanted"]),
        "error_mm": float(np.median(errors)) if errors else None,
        **{
            key: [round(float(part), 3) for part in np.quantile([row[key] for _, row in blocks], (0, 0.5, 1))]
            for key in ("recall", "precision", "order")
        },
    }


def main() -> None:
    """Measure what is asked for, going on from what is kept."""
    parser = argparse.ArgumentParser(prog="bench.blocks.printed", description="Which block printed a page.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="keeps what was drawn and read")
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--blocks", type=int, default=60)
    parser.add_argument("--twins", type=int, default=10, help="blocks of the same text by another hand")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    one_thread_each()
    options.folder.mkdir(parents=True, exist_ok=True)
    table = measure(options.folder, plan_of(options.pages, options.blocks, options.twins))
    (options.folder / "table.json").write_text(json.dumps(table, indent=1) + "\n")
    print(json.dumps(table["summary"]))  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
