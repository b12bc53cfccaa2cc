import numpy as np
import pytest
from skimage.feature import hog
from skimage.metrics import structural_similarity

from retrieval.evaluate.methods import classical
from tests.pictures import glyph


@pytest.fixture(scope="module")
def strokes():
    return np.stack([classical.height_strokes(glyph(seed, 96)) for seed in range(6)])


def test_a_print_and_its_relief_give_the_same_strokes():
    ink = glyph(3, 96)
    dark, light = np.rint(255 - 200 * ink).astype(np.uint8), np.rint(40 + 200 * ink).astype(np.uint8)
    expected = classical.height_strokes(ink)
    assert expected.shape == (128, 128)
    for picture in (dark, light):
        assert np.abs(classical.print_strokes(picture) - expected).mean() < 0.03


def test_specks_and_neighbours_are_left_out():
    ink = np.zeros((200, 200), np.float32)
    ink[60:140, 70:130] = 1
    alone = classical.height_strokes(ink)
    ink[0:10, 50:150] = 1
    ink[30, 30] = 1
    np.testing.assert_array_equal(classical.height_strokes(ink), alone)
    assert alone.min() == 1


@pytest.mark.parametrize("shade", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (3, 500)])
def test_one_shade_all_over_is_no_trouble(shade, shape):
    strokes = classical.print_strokes(np.full(shape, shade, np.uint8))[None]
    for features in (classical.hog_features, classical.template_features):
        assert np.isfinite(features(strokes)).all()


def test_gradient_histograms_agree_with_scikit_image(strokes):
    """Not to the digit, for it smooths nothing and bins a little otherwise: but alike ones stay alike."""
    ours = classical.hog_features(strokes)
    shape = {
        "orientations": 9,
        "pixels_per_cell": (16, 16),
        "cells_per_block": (2, 2),
        "block_norm": "L2-Hys",
    }
    theirs = np.stack([hog(one, **shape) for one in strokes])
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert np.corrcoef((ours @ ours.T).ravel(), (theirs @ theirs.T).ravel())[0, 1] > 0.95


def test_template_matching_is_correlation(strokes):
    features = classical.template_features(strokes)
    expected = np.corrcoef(strokes.reshape(len(strokes), -1))
    np.testing.assert_allclose(features @ features.T, expected, atol=1e-4)


def test_structural_similarity_agrees_with_scikit_image(strokes):
    for a, b in ((0, 1), (2, 2), (3, 5)):
        # Without anything at the border, where it leaves pixels out of its mean, the two are the same.
        one, other = (np.pad(strokes[place, 16:-16, 16:-16], 16) for place in (a, b))
        ours = classical.ssim(one, other, classical.local_statistics(one), classical.local_statistics(other))
        _, theirs = structural_similarity(one, other, data_range=1, use_sample_covariance=False, full=True)
        assert ours == pytest.approx(theirs.mean(), abs=1e-4)
