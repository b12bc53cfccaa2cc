"""First places, against the plain way: each place looked at by itself."""

import numpy as np

from retrieval.register import print_form
from retrieval.register.placing import _PLACES, Places
from tests.retrieval.register.pairs import carving, form, printed
from tests.retrieval.register.slow import slow_sample


def slow_best(picture, item):
    """The place where print and carving correlate best."""
    found = [slow_sample(picture.outline, warp, 16)[0] for warp in _PLACES[::7]]
    return max(np.corrcoef(one.ravel(), item.outline.ravel())[0, 1] for one in found)


def test_the_best_place_is_as_good_as_any():
    picture, item = print_form(printed(carving(0))), form(carving(0))
    best = Places(picture).best([item])[0]
    seen = [slow_sample(picture.outline, warp, 16)[0] for warp in best]
    likeness = [np.corrcoef(one.ravel(), item.outline.ravel())[0, 1] for one in seen]
    assert likeness[0] > slow_best(picture, item) - 0.02
    assert likeness[1] <= likeness[0]


def test_places_lie_apart_and_each_carving_has_its_own():
    picture, items = print_form(printed(carving(0))), [form(carving(seed)) for seed in range(3)]
    best = Places(picture).best(items)
    assert best.shape == (3, 3, 6)
    assert (np.abs(best[:, 0] - best[:, 1]).max(axis=1) >= 0.2).all()
    assert np.array_equal(Places(picture).best(items[1:2])[0], best[1])
