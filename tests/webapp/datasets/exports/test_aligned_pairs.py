"""Aligned pairs are read back, and lie over each other: drawn reliefs, and their prints."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from tests import factories, pictures
from tests.webapp.datasets.exports import writing
from webapp.core.files.media import derived
from webapp.datasets.exports.alignment import aligned
from webapp.datasets.models import Export
from webapp.gallery.models import Item
from webapp.review.models import Decision
from webapp.search.fits import PERSON, Fit, turned_over

pytestmark = pytest.mark.django_db

READ = (0.55, -0.08, 0.12, 0.06, 0.7, -0.1)
"""From the relief, as the print reads it, to a picture that is higher than wide."""
SIZE = (90, 130)


def relief(seed, *, mirrored):
    """The files of a block: its height map as scanned, and its print as it reads."""
    ink = pictures.glyph(seed, 256)
    heights = np.rint(ink * 60000).astype(np.uint16)
    scanned = heights[:, ::-1] if mirrored else heights
    return Image.fromarray(np.ascontiguousarray(scanned)), Image.fromarray((255 * (1 - ink)).astype(np.uint8))


def printed(seed, *, light_on_dark=False):
    """The print of a block on a picture of its own, by ``READ``."""
    a, b, c, d, e, f = READ
    back = np.linalg.inv([[a, b, c], [d, e, f], [0, 0, 1]])
    down, across = np.mgrid[: SIZE[1], : SIZE[0]]
    x, y = 2 * (across + 0.5) / SIZE[0] - 1, 2 * (down + 0.5) / SIZE[1] - 1
    points = back[:2] @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    pixels = np.rint((points + 1) * 128 - 0.5).astype(int)
    inside = ((pixels >= 0) & (pixels < 256)).all(axis=0)
    glyph = pictures.glyph(seed, 256)
    ink = np.where(inside, glyph[pixels[1].clip(0, 255), pixels[0].clip(0, 255)], 0).reshape(SIZE[::-1])
    grey = 40 + 150 * ink if light_on_dark else 210 - 150 * ink
    return Image.fromarray(grey.astype(np.uint8))


def stored(image, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def pair_files(tmp_path, seed, *, mirrored, **look):
    height, ink = relief(seed, mirrored=mirrored)
    return {
        "height": stored(height, tmp_path / "height.png"),
        "ink": stored(ink, tmp_path / "print.png"),
        "picture": stored(printed(seed, **look), tmp_path / "page.webp"),
        "ink_mirrored": mirrored,
    }


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("light_on_dark", [True, False])
def test_ink_meets_under_the_true_transform_alone(tmp_path, mirrored, light_on_dark):
    files = pair_files(tmp_path, 3, mirrored=mirrored, light_on_dark=light_on_dark)
    right = turned_over(READ) if mirrored else READ
    found = aligned(**files, fit=Fit(right))
    assert found.ink_overlap > 0.9
    assert found.transform == pytest.approx(READ)
    wrong = (right[0], right[1], right[2] + 0.25, *right[3:])
    assert aligned(**files, fit=Fit(wrong)).ink_overlap < found.ink_overlap - 0.2


def test_an_item_whose_print_was_turned_over_since_is_laid_right(tmp_path):
    files = pair_files(tmp_path, 3, mirrored=True)
    ink = Image.open(files["ink"]).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    files |= {"ink": stored(ink, tmp_path / "other.png"), "ink_mirrored": False}
    assert aligned(**files, fit=Fit(turned_over(READ))).ink_overlap > 0.9


def test_an_empty_picture_meets_nothing(tmp_path):
    files = pair_files(tmp_path, 3, mirrored=False)
    stored(Image.new("L", SIZE, 200), tmp_path / "page.webp")
    assert aligned(**files, fit=Fit(READ)).ink_overlap == 0


@pytest.fixture
def batch(owner):
    """Two matches with a place on their pictures, one without, and one whose block has no files."""
    batch = factories.batch(owner)
    for seed in range(4):
        mirrored = seed != 1
        query, item = factories.query(batch, seed=seed), factories.item(seed=seed, mirrored=mirrored)
        stored(printed(seed), derived("queries", query.pk, "page.webp"))
        height, ink = relief(seed, mirrored=mirrored)
        if seed != 3:
            stored(height, derived("items", item.pk, "height.png"))
            stored(ink, derived("items", item.pk, "print.png"))
        by = PERSON if seed == 1 else "worker"
        fit = Fit(turned_over(READ) if mirrored else READ, 0.9, 0.05, by, turn=0)
        kept = {} if seed == 2 else {"fit": fit.stored()}
        factories.decision(query, owner, item=item, relation=Decision.Relation.SAME_CARVING, **kept)
    return batch


def exported(batch):
    export = Export.objects.create(batch=batch, owner=batch.owner, format="aligned_pairs")
    return writing.unpacked(writing.written(export))


def ink_of(data, *, dark):
    pixels = np.asarray(Image.open(io.BytesIO(data))).astype(float)
    middle = (pixels.min() + pixels.max()) / 2
    return pixels < middle if dark else pixels > middle


def test_the_zip_is_read_back_and_laid_over_each_other(batch):
    files = exported(batch)
    lines = [json.loads(line) for line in files["pairs.jsonl"].decode().splitlines()]
    assert [line["fitted_by"] for line in lines] == ["worker", "person", "worker"]
    for line in lines[:2]:
        heights = np.asarray(Image.open(io.BytesIO(files[line["height"]])))
        assert (heights.dtype, heights.shape) == (np.uint16, (256, 256))
        one, other = ink_of(files[line["print"]], dark=True), ink_of(files[line["height"]], dark=False)
        overlap = 2 * (one & other).sum() / (one.sum() + other.sum())
        assert overlap > 0.9
        assert line["ink_overlap"] == pytest.approx(overlap, abs=0.05)
        assert line["transform"] == pytest.approx(READ, abs=1e-4)
        assert (line["relation"], line["residual"], line["annotator"]) == ("same_carving", 0.05, "owner")
    assert lines[0]["scan_transform"] == pytest.approx(turned_over(READ), abs=1e-4)
    assert lines[1]["scan_transform"] == pytest.approx(READ, abs=1e-4)


def test_a_pair_whose_files_are_missing_is_a_line_and_is_named(batch):
    files = exported(batch)
    last = json.loads(files["pairs.jsonl"].decode().splitlines()[-1])
    assert (last["print"], last["height"], last["ink_overlap"]) == (None, None, None)
    assert last["transform"] is None
    assert b"003.stl" in files["missing.txt"]


def test_a_snapshot_gives_the_same_pairs(batch, curator):
    export = Export.objects.create(
        snapshot=factories.snapshot(curator), owner=curator, format="aligned_pairs", split="block"
    )
    files = writing.unpacked(writing.written(export))
    lines = [json.loads(line) for line in files["pairs.jsonl"].decode().splitlines()]
    assert sorted(line["fitted_by"] for line in lines) == ["person", "worker", "worker"]


@pytest.mark.parametrize("frozen", [True, False])
def test_an_item_that_was_turned_since_is_laid_right(batch, curator, frozen):
    """Its height map and its print were written anew, turned; a snapshot still has the place of before."""
    snapshot = factories.snapshot(curator) if frozen else None
    for item in Item.objects.all():
        for name in ("height.png", "print.png"):
            path = derived("items", item.pk, name)
            if path.is_file():
                # Of a mirrored block the print is turned over on the way, and so the other way round.
                over = name == "print.png" and item.is_mirrored
                how = Image.Transpose.ROTATE_270 if over else Image.Transpose.ROTATE_90
                stored(Image.open(path).transpose(how), path)
    Item.objects.update(turn=90)
    of = {"snapshot": snapshot} if frozen else {"batch": batch}
    export = Export.objects.create(owner=curator, format="aligned_pairs", split="block", **of)
    files = writing.unpacked(writing.written(export))
    lines = [json.loads(line) for line in files["pairs.jsonl"].decode().splitlines()]
    assert [line["ink_overlap"] > 0.9 for line in lines if line["print"]] == [True, True]
