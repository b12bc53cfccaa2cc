"""The whole gallery by likeness, as comparing one after the other gives it."""

import numpy as np
import pytest

from tests import factories
from tests.workers.tasks.batches.test_match import some_item, unit
from webapp.batches.models import Query
from webapp.core.files.blobs import blob_path
from webapp.gallery.models import ItemVector
from webapp.gallery.prepared import ItemReading, readings_replace
from webapp.registry.models import ModelVersion
from webapp.search.candidates import candidates
from webapp.search.models import Nearest
from webapp.search.nearest import nearest_to
from workers.live import cache
from workers.tasks.search.nearest_find import nearest_find

pytestmark = pytest.mark.django_db


@pytest.fixture
def gallery(release):
    """Thirty items, every third read both ways; their vectors by their ids."""
    rng = np.random.default_rng(5)
    made = {}
    for place in range(30):
        vectors = unit(rng, release.model.width, 2 if place % 3 == 0 else 1)
        made[some_item(release.model, *vectors, name=f"{place}.stl").pk] = vectors
    return made


@pytest.fixture
def query(owner, release):
    [vector] = unit(np.random.default_rng(6), release.model.width, 1)
    numbers = vector.astype("<f4").tobytes()
    return factories.query(factories.batch(owner), vector=numbers, vector_model=release.model)


def expected(gallery, asking):
    """The slow twin."""
    far = {pk: min(1 - float(a @ b) for a in asking for b in vectors) for pk, vectors in gallery.items()}
    return sorted(far.items(), key=lambda one: one[1])


def ask(do, asker):
    """Have a worker do what ``asker`` wants; returns the order it leaves."""
    words = {"query" if isinstance(asker, Query) else "item": asker}
    row, _ = Nearest.objects.get_or_create(**words)
    do(nearest_find, {"nearest": row.pk})
    return list(nearest_to(asker).order.pairs())


def same(found, wanted):
    assert [pk for pk, _ in found] == [pk for pk, _ in wanted]
    assert [distance for _, distance in found] == pytest.approx([d for _, d in wanted], abs=1e-5)


def test_the_order_for_a_query_is_the_slow_twin_s(query, gallery, do):
    vector = np.frombuffer(bytes(query.vector), "<f4")
    same(ask(do, query), expected(gallery, [vector]))


def test_the_order_for_an_item_takes_the_nearest_pair_of_readings(gallery, do):
    first = ItemVector.objects.order_by("pk").first().item
    found = ask(do, first)
    same(found, expected(gallery, gallery[first.pk]))
    assert found[0] == (first.pk, pytest.approx(0.0, abs=1e-6))


def test_the_page_s_own_comparing_gives_the_same(query, gallery, do):
    here = [(one.item.pk, one.distance) for one in candidates(query)[:]]
    same(here, ask(do, query))


def test_what_was_written_replaced_or_deleted_since_is_seen(query, gallery, release, do):
    rng = np.random.default_rng(7)
    vector = np.frombuffer(bytes(query.vector), "<f4")
    ask(do, query)
    [new] = unit(rng, release.model.width, 1)
    gallery[some_item(release.model, new, name="new.stl").pk] = [new]
    same(ask(do, query), expected(gallery, [vector]))

    replaced = ItemVector.objects.order_by("pk").first().item
    [other] = unit(rng, release.model.width, 1)
    readings_replace(item=replaced, model=release.model, readings=[ItemReading(True, other.tobytes())])
    gallery[replaced.pk] = [other]
    same(ask(do, query), expected(gallery, [vector]))

    gone = ItemVector.objects.order_by("-pk").first().item
    del gallery[gone.pk]
    gone.delete()
    same(ask(do, query), expected(gallery, [vector]))


def test_the_vectors_are_read_once(gallery, release):
    before = cache.all_vectors()
    assert cache.all_vectors() is before


def test_a_query_of_an_older_model_is_read_again(query, gallery, do):
    older = ModelVersion.objects.create(name="old", sha256="1" * 64, fingerprint="e", width=4, recipe={})
    Query.objects.update(vector_model=older, vector=b"\0" * 16)
    found = ask(do, Query.objects.get())
    assert {pk for pk, _ in found} == set(gallery)
    Nearest.objects.all().delete()
    blob_path(query.sha256).unlink()
    assert ask(do, Query.objects.get()) == []


def test_what_is_gone_meanwhile_is_nobody_s_trouble(do):
    do(nearest_find, {"nearest": 12345})
    assert not Nearest.objects.exists()


def test_an_item_without_vectors_is_like_nothing(gallery, do):
    assert ask(do, factories.item()) == []
