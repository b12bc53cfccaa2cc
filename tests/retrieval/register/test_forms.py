"""What is kept of an item for registration, and what is made of a print."""

import numpy as np
import pytest

from retrieval.io.encode import png
from retrieval.preprocess import Recipe, print_input
from retrieval.preprocess.prints import trimmed_ink
from retrieval.register import item_form, print_form, read_item_form
from tests.retrieval.register.pairs import carving, printed


def test_an_item_takes_eight_kilobytes_at_most():
    noise = np.random.default_rng(0).random((256, 256)).astype(np.float32)
    assert len(item_form(carving())) < 6000
    assert len(item_form(noise)) <= 8192 + 600


def test_it_is_read_as_it_was_written():
    form = read_item_form(item_form(carving()))
    assert form.ink.shape == form.height.shape == (64, 64)
    assert form.ink.min() == form.height.min() == 0
    assert form.has_strokes


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        item_form(carving())[:-4],
        png(np.zeros((64, 64), np.uint8)),
        png(np.zeros((128, 64), np.uint16)),
    ],
)
def test_what_is_none_is_refused(data):
    with pytest.raises(ValueError, match="no form"):
        read_item_form(data)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (37, 12), (700, 650)])
def test_a_print_of_any_shape_has_a_form(shape):
    form = print_form(np.random.default_rng(1).integers(0, 255, shape).astype(np.uint8))
    assert [level.shape for level in form.levels] == [(48, 48), (96, 96)]
    assert np.isfinite(form.to_picture).all()


@pytest.mark.parametrize("shape", [(90, 90), (90, 140), (300, 90)])
def test_the_frame_of_a_picture_is_all_of_it(shape):
    gray = np.full(shape, 230, np.uint8)
    gray[10:60, 30:80] = 40
    corners = print_form(gray).to_picture @ np.array([[0, 1], [0, 1], [1, 1]])
    assert np.allclose(corners[:, 0], [2 * 55 / shape[1] - 1, 2 * 35 / shape[0] - 1], atol=0.03)
    assert (corners[:, 1] - corners[:, 0]) * shape[::-1] == pytest.approx([62, 62], rel=0.1)


@pytest.mark.parametrize("side", [60, 90, 900])
def test_the_frame_of_a_print_lies_where_it_was_cut_out(side):
    gray = printed(carving(), side=side)
    recipe = Recipe(size=48)
    made, back = trimmed_ink(gray, recipe)
    assert np.array_equal(made, print_input(gray, recipe))
    rows, columns = np.nonzero(gray < 130)
    ink = (made > 0.5).nonzero()
    ends = back @ np.array([[ink[1].min(), ink[1].max()], [ink[0].min(), ink[0].max()], [1, 1]])
    expected = [[columns.min(), columns.max()], [rows.min(), rows.max()]]
    assert np.abs(ends - expected).max() < 0.03 * side
