"""Training of the localiser: tiles, real pages, a run from nothing to usable weights."""

import cv2
import numpy as np
import pytest

from common.errors import BadInput
from retrieval.cli import main
from retrieval.locate.network.weights import load_localiser
from retrieval.synth.pages import draw_bank, draw_page
from retrieval.train.localiser.config import TileMix, load_localiser_config
from retrieval.train.localiser.real_pages import HELD_OUT, ink_patches, read_real_pages
from retrieval.train.localiser.tiles import PageTiles, cut_tile


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two pages with loose boxes, one of them of a book that is held out."""
    folder = tmp_path_factory.mktemp("pages")
    bank = draw_bank(np.random.default_rng(1), each=20)
    page = draw_page(np.random.default_rng(15), bank, size=26, side=300)
    for name in ("book-1", f"{HELD_OUT[0]}-1"):
        cv2.imwrite(str(folder / f"{name}.jpg"), page.grey)
        rows = ["x0,y0,x1,y1,character", *(",".join(map(str, box.tolist())) + "," for box in page.boxes)]
        (folder / f"{name}.csv").write_text("\n".join(rows))
    return folder


def test_books_are_held_out_whole(folder):
    assert [page.name for page in read_real_pages(folder)] == ["book-1"]
    assert [page.name for page in read_real_pages(folder, held_out=True)] == [f"{HELD_OUT[0]}-1"]


def test_a_table_without_the_columns_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("left,top\n1,2\n")
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((9, 9), np.uint8))
    with pytest.raises(BadInput, match="table of boxes"):
        read_real_pages(tmp_path)


def test_batches_are_the_same_whoever_draws_them(folder):
    bank = draw_bank(np.random.default_rng(1), each=20, patches=ink_patches(read_real_pages(folder)))
    mix = TileMix(drawn=1, each=1, real=1, side=96, sizes=(16, 24))
    tiles = PageTiles(bank, read_real_pages(folder), mix, seed=5)
    batch = tiles.batch(3)
    assert [tuple(part.shape) for part in batch] == [
        (2, 2, 96, 96), (2, 1, 24, 24), (2, 1, 24, 24), (2, 4, 24, 24), (2, 1, 24, 24), (2, 1, 24, 24),
    ]  # fmt: skip
    assert all((one == other).all() for one, other in zip(batch, tiles.batch(3), strict=True))


def test_a_tile_knows_what_lies_across_its_edge():
    boxes = np.array([(10, 10, 30, 30), (85, 10, 105, 30), (120, 10, 140, 30)], np.float32)
    tile = cut_tile(np.random.default_rng(0), np.zeros((96, 96), np.uint8), boxes, np.zeros((0, 4)), None, 96)
    assert tile.boxes.tolist() == [[10, 10, 30, 30]]
    assert tile.ignored.tolist() == [[85, 10, 96, 30]]


def test_from_pages_to_usable_weights(folder, tmp_path):
    config = tmp_path / "tiny.toml"
    config.write_text(
        'name = "tiny"\nimages = 4\nglyphs = 20\n'
        "[shape]\nchannels = [2, 2, 2, 2, 2]\nblocks = [1, 1, 1, 1]\n"
        "[mix]\ndrawn = 1\neach = 1\nreal = 1\nside = 96\nsizes = [16, 24]\n"
    )
    command = ["train-localiser", str(config), "--folder", str(tmp_path), "--pages", str(folder)]
    assert main(command) == 0
    weights = load_localiser(tmp_path / "tiny.safetensors")
    assert weights.record["batches"] == 2
    assert weights.record["held_out"] == list(HELD_OUT)
    assert main(command) == 0, "a run that is over writes its weights again"


def test_the_shipped_configuration_is_read():
    config = load_localiser_config("localiser")
    assert config.mix.side % 32 == 0
