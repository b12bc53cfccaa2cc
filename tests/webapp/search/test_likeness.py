"""The order of items by likeness, against what NumPy says of the same vectors."""

import numpy as np
import pytest

from tests import factories
from webapp.gallery.models import Item, ItemVector
from webapp.search import likeness
from webapp.search.likeness import items_ranked

WIDTH = 24


def vector(seed: int) -> np.ndarray:
    numbers = np.random.default_rng(seed).normal(size=WIDTH)
    return (numbers / np.linalg.norm(numbers)).astype("<f4")


@pytest.fixture
def query(owner):
    release = factories.release()
    batch = factories.batch(owner)
    return factories.query(batch, vector=vector(0).tobytes(), vector_model=release.model)


def item(*seeds: int, model=None, **values) -> Item:
    """An item with a vector for each seed: two for one that is read both ways."""
    made = factories.item(**values)
    for way, seed in zip((True, False), seeds, strict=False):
        ItemVector.objects.create(
            item=made,
            model=model or factories.release().model,
            mirrored=way,
            vector=vector(seed).tobytes(),
        )
    return made


def test_the_order_is_that_of_the_slow_twin(query):
    made = {item(seed): seed for seed in range(1, 30)}
    found = items_ranked(query, Item.objects.order_by("pk")).candidates
    expected = {one: 1.0 - float(vector(0) @ vector(seed)) for one, seed in made.items()}
    assert [one.item for one in found] == sorted(expected, key=expected.get)
    assert [one.distance for one in found] == pytest.approx(sorted(expected.values()), abs=1e-5)


def test_of_two_readings_the_nearer_counts(query):
    [found] = items_ranked(query, Item.objects.filter(pk=item(7, 0).pk)).candidates
    assert found.distance == pytest.approx(0.0, abs=1e-6)


def test_vectors_of_another_model_are_not_compared(query):
    other = type(factories.release().model).objects.create(
        name="other", sha256="1" * 64, fingerprint="e" * 64, width=WIDTH, recipe={}
    )
    strange, known = item(0, model=other), item(5)
    found = items_ranked(query, Item.objects.order_by("pk")).candidates
    assert [one.item for one in found] == [known, strange]
    assert found[1].distance is None


def test_without_a_vector_of_its_own_a_query_gets_the_gallery_s_order(query):
    made = [item(seed) for seed in (3, 1, 2)]
    query.vector = None
    assert [one.item for one in items_ranked(query, Item.objects.order_by("pk")).candidates] == made


def test_no_more_than_the_most_are_compared(query, monkeypatch):
    monkeypatch.setattr(likeness, "MOST_RANKED", 3)
    for seed in range(1, 6):
        item(seed)
    ranking = items_ranked(query, Item.objects.order_by("pk"))
    assert (len(ranking.candidates), ranking.total) == (3, 5)


def test_few_questions_are_asked_however_many_items(query, django_assert_max_num_queries):
    for seed in range(1, 12):
        item(seed)
    with django_assert_max_num_queries(3):
        items_ranked(query, Item.objects.order_by("pk"))
