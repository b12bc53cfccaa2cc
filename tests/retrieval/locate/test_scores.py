"""Scores of pages: overlap, pairs, small characters, count."""

import numpy as np

from retrieval.locate.scores import matched, score_page

TRUE = np.array([(40 * x, 40 * y, 40 * x + 30, 40 * y + 30) for x in range(3) for y in range(3)], float)


def test_the_same_boxes_are_perfect():
    score = score_page(TRUE, TRUE)
    assert (score.f1[0.5], score.f1[0.7], score.recall, score.small, score.count) == (1, 1, 1, None, 0)


def test_each_true_box_is_found_once():
    twice = np.concatenate([TRUE, TRUE + 1])
    assert len(matched(twice, TRUE, 0.5)) == 9
    assert score_page(twice, TRUE).f1[0.5] == 2 * 9 / 27


def test_overlap_decides():
    shifted = TRUE + np.array([8, 0, 8, 0])  # overlap 22 / 38
    score = score_page(shifted, TRUE)
    assert (score.f1[0.5], score.f1[0.7]) == (1, 0)


def test_small_characters_are_counted_apart():
    small = np.array([(200, 20 * y, 214, 20 * y + 14) for y in range(5)], float)
    score = score_page(TRUE, np.concatenate([TRUE, small]))
    assert score.small == 0
    assert score.recall == 9 / 14


def test_an_empty_page():
    none = np.zeros((0, 4))
    assert score_page(none, none).recall == 1
    assert score_page(none, TRUE).f1[0.5] == 0
