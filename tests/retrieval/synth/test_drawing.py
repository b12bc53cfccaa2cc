"""Drawn prints and reliefs: seeded, in range, and recognisably the same character."""

import cv2
import numpy as np
import pytest

from retrieval.render.relief import read_relief
from retrieval.synth import manners, prints
from retrieval.synth.glyphs import FIELD, distance_field
from retrieval.synth.meshes import relief_mesh
from retrieval.synth.prints import draw_print, vary_print
from retrieval.synth.reliefs import draw_relief, vary_relief
from retrieval.synth.textures import Textures


@pytest.fixture(scope="module")
def textures() -> Textures:
    """A small pool of noise."""
    return Textures(np.random.default_rng(0), count=4)


@pytest.fixture(scope="module")
def field() -> np.ndarray:
    """An L, which has no symmetry."""
    ink = np.zeros((120, 90), bool)
    ink[:, :25] = True
    ink[95:] = True
    return distance_field(ink)


def test_distance_field_is_signed_and_scaled(field: np.ndarray) -> None:
    """Above the middle level inside, below it outside, eight levels a pixel."""
    assert field.shape == (FIELD, FIELD)
    assert field.dtype == np.uint8
    assert field[30, 20] > 128 > field[20, 50]
    profile = field[30, 8:14].astype(int)
    assert np.diff(profile) == pytest.approx(8, abs=1.5)


@pytest.mark.parametrize("seed", range(8))
def test_prints_are_seeded_pictures(field: np.ndarray, textures: Textures, seed: int) -> None:
    """The same seed draws the same picture; another seed another."""
    first, again, other = (
        draw_print(field, [field] * 4, np.random.default_rng(each), textures)
        for each in (seed, seed, seed + 100)
    )
    assert first.dtype == np.uint8
    assert 24 <= min(first.shape) <= max(first.shape) <= 96
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def drawn_in(manner: manners.Manner, field: np.ndarray, textures: Textures) -> list[np.ndarray]:
    """Thirty prints of one manner, without neighbours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prints, "pick_manner", lambda _: manner)
        return [draw_print(field, [], np.random.default_rng(seed), textures) for seed in range(30)]


def inked_share(picture: np.ndarray) -> float:
    """Share of the picture's pixels beyond the middle of its levels, of the rarer kind."""
    low, high = np.percentile(picture, (1, 99))
    dark = float((picture < (low + high) / 2).mean())
    return min(dark, 1 - dark)


def test_manners_come_as_often_as_they_say() -> None:
    """Shares add up to one, and the draw keeps to them."""
    known = (manners.ORDINARY, manners.FAINT, manners.FLOODED, manners.BOLD)
    assert sum(manner.share for manner in known) == pytest.approx(1)
    random = np.random.default_rng(0)
    picked = [manners.pick_manner(random) for _ in range(4000)]
    for manner in known:
        assert picked.count(manner) / 4000 == pytest.approx(manner.share, abs=0.03)


def test_each_manner_looks_its_way(field: np.ndarray, textures: Textures) -> None:
    """Faint prints have little contrast, bold ones two levels, flooded ones more ink than faint ones."""
    faint = drawn_in(manners.FAINT, field, textures)
    bold = drawn_in(manners.BOLD, field, textures)
    flooded = drawn_in(manners.FLOODED, field, textures)
    spans = {
        name: np.median([np.ptp(np.percentile(each, (2, 98))) for each in drawn])
        for name, drawn in (("faint", faint), ("bold", bold), ("flooded", flooded))
    }
    assert spans["faint"] < 130 < spans["flooded"] < spans["bold"]
    levels = [len(np.unique(np.rint(each / 64))) for each in bold]
    assert np.median(levels) == 2
    assert np.median([inked_share(each) for each in flooded]) > np.median(
        [inked_share(each) for each in faint]
    )


def test_two_level_scans_keep_both_levels(field: np.ndarray, textures: Textures) -> None:
    """However much of the picture is ink, the scan's level falls between ink and paper."""
    bold = drawn_in(manners.BOLD, field, textures)
    assert min(inked_share(each) for each in bold) > 0.01


@pytest.mark.parametrize("seed", range(8))
def test_reliefs_are_seeded_height_maps(field: np.ndarray, textures: Textures, seed: int) -> None:
    """Floor at 0, top at 1, the same for the same seed."""
    first, again = (
        draw_relief(field, [field] * 4, np.random.default_rng(seed), textures, side=64) for _ in range(2)
    )
    assert first.shape == (64, 64)
    assert first.dtype == np.float32
    assert (first.min(), first.max()) == (0, 1)
    assert np.array_equal(first, again)


def test_strokes_stand_out_of_the_floor(field: np.ndarray, textures: Textures) -> None:
    """Over many drawings, the L is high where its strokes are and low where they are not."""
    drawn = [draw_relief(field, [], np.random.default_rng(seed), textures, side=64) for seed in range(40)]
    mean = np.mean(drawn, axis=0)
    assert mean[30, 18] > mean[20, 45] + 0.3
    assert mean[48, 40] > mean[20, 45] + 0.3


def test_varied_pictures_stay_pictures(field: np.ndarray, textures: Textures) -> None:
    """A real print and a rendered relief come out in the range they went in with."""
    random = np.random.default_rng(5)
    print_ = draw_print(field, [], random, textures)
    relief = draw_relief(field, [], random, textures, side=96)
    for _ in range(10):
        varied = vary_print(print_, random, textures)
        assert varied.dtype == np.uint8
        assert 28 <= min(varied.shape) <= max(varied.shape) <= 72
        height = vary_relief(relief, random, textures)
        assert height.shape == relief.shape
        assert (height.min(), height.max()) == (0, 1)


def test_mesh_of_a_relief_is_read_back(field: np.ndarray, textures: Textures) -> None:
    """Through mesh, tilt, simplification and the renderer, the relief is still itself."""
    random = np.random.default_rng(11)
    drawn = np.clip((field.astype(np.float32) - 128) / 8 / 4 + 1, 0, 1)
    drawn = cv2.resize(drawn, (128, 128))
    mesh = relief_mesh(drawn, random, triangles=6000)
    assert len(mesh.faces) <= 6000
    height = cv2.resize(read_relief(mesh).height, (64, 64), interpolation=cv2.INTER_AREA)
    rows, columns = np.flatnonzero((height > 0.6).any(1)), np.flatnonzero((height > 0.6).any(0))
    own = height[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = own.shape
    assert own[: high // 2, : wide // 5].mean() > 0.6
    assert own[: high // 2, wide // 2 :].mean() < 0.4
    assert own[-high // 8 :].mean() > 0.6
