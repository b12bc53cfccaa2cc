"""What the second stage hands over: fits in the frames of the files, and proposals."""

import cv2
import numpy as np
import pytest

from retrieval.rank import RankedItem
from retrieval.register import PrintOver, Registration, item_form, print_form, read_item_form
from retrieval.register.relation import SAME_CARVING, Proposal
from tests.retrieval.register.pairs import carving, printed
from workers.live.ranking import hit_of


def ranked(registration, **reading):
    return RankedItem(
        7, 0.1, 0.9, reading.get("mirrored", False), registration=registration, turn=reading.get("turn", 0),
        proposal=Proposal(SAME_CARVING, 0.9),
    )  # fmt: skip


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_the_file_laid_by_its_fit_covers_the_print(mirrored, turn):
    height = carving()
    gray = np.pad(printed(height), ((0, 20), (30, 0)), constant_values=225)
    kept = np.rot90(height[:, ::-1] if mirrored else height, -turn)  # as a scan on its side was kept
    form = read_item_form(item_form(np.ascontiguousarray(kept)), mirrored=mirrored, turn=turn)
    (registration,) = PrintOver(print_form(gray)).register([form])
    fit = hit_of(ranked(registration, mirrored=mirrored, turn=turn)).fit
    a, b, c, d, e, f = fit.transform
    assert (a * e - b * d < 0) == mirrored
    half = np.array(gray.shape[::-1]) / 2
    middle = half - 0.5
    to_pixels = np.array([[a / 128, b / 128, c], [d / 128, e / 128, f]]) * half[:, None]
    to_pixels[:, 2] += middle - to_pixels[:, :2] @ [127.5, 127.5]
    laid = cv2.warpAffine(np.ascontiguousarray(kept), to_pixels, gray.shape[::-1])
    assert np.corrcoef(laid.ravel(), 255.0 - gray.ravel())[0, 1] > 0.9


def test_a_hit_says_what_is_proposed_only_of_what_was_laid_over_the_print():
    found = Registration(np.eye(2, 3), 0.9, 0.8, 0.1, 1.0)
    hit = hit_of(ranked(found))
    assert (hit.proposed, hit.proposed_probability) == (SAME_CARVING, 0.9)
    assert hit.fit.agreement == 0.8
    assert hit_of(ranked(None)).fit is None
    assert hit_of(ranked(None)).proposed == ""


@pytest.mark.parametrize("transform", [np.full((2, 3), np.nan), np.zeros((2, 3)), np.full((2, 3), 1e9)])
def test_a_fit_that_makes_no_sense_is_left_out(transform):
    assert hit_of(ranked(Registration(transform, 0.9, 0.8, 0.1, 1.0))).fit is None
