"""The order of items by likeness, against what NumPy says of the same vectors."""

import numpy as np
import pytest

from tests import factories
from webapp.gallery.models import Item, ItemVector
from webapp.jobs.models import Job
from webapp.search import candidates as room
from webapp.search.candidates import candidates
from webapp.search.models import Nearest
from webapp.search.nearest import nearest_store

WIDTH = 24


def vector(seed: int) -> np.ndarray:
    numbers = np.random.default_rng(seed).normal(size=WIDTH)
    return (numbers / np.linalg.norm(numbers)).astype("<f4")


def far(seed: int, to: int = 0) -> float:
    return 1.0 - float(vector(to) @ vector(seed))


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


def answer_of_a_worker(order: list[Item], **of) -> None:
    """What a worker leaves behind, with distances of 0.1, 0.2 and so on."""
    Nearest.objects.get_or_create(**of)
    newest = ItemVector.objects.order_by("-pk").first()
    nearest_store(
        pk=Nearest.objects.get(**of).pk,
        model=factories.release().model,
        newest=newest.pk if newest else 0,
        items=np.array([one.pk for one in order], "<u4").tobytes(),
        distances=np.array([0.1 * place for place in range(1, len(order) + 1)], "<f4").tobytes(),
    )


class TestFewItems:
    def test_the_order_is_that_of_the_slow_twin(self, query):
        made = {item(seed): seed for seed in range(1, 30)}
        found = candidates(query)[:]
        expected = {one: far(seed) for one, seed in made.items()}
        assert [one.item for one in found] == sorted(expected, key=expected.get)
        assert [one.distance for one in found] == pytest.approx(sorted(expected.values()), abs=1e-5)

    def test_of_two_readings_the_nearer_counts(self, query):
        item(7, 0)
        [found] = candidates(query)[:]
        assert found.distance == pytest.approx(0.0, abs=1e-6)

    def test_more_like_an_item_read_both_ways(self, query):
        asked = item(3, 9)
        made = {item(seed): seed for seed in range(20, 30)}
        found = candidates(query, like=asked)[:]
        expected = {one: min(far(seed, 3), far(seed, 9)) for one, seed in made.items()}
        assert [one.item for one in found] == sorted(expected, key=expected.get)
        assert [one.distance for one in found] == pytest.approx(sorted(expected.values()), abs=1e-5)

    def test_what_is_left_out_is_not_there(self, query):
        made = [item(seed) for seed in range(1, 6)]
        found = candidates(query, without=[one.pk for one in made[:3]])[:]
        assert {one.item for one in found} == set(made[3:])

    def test_vectors_of_another_model_are_not_compared(self, query):
        other = type(factories.release().model).objects.create(
            name="other", sha256="1" * 64, fingerprint="e" * 64, width=WIDTH, recipe={}
        )
        strange, known = item(0, model=other, name="s.stl"), item(5, name="k.stl")
        found = candidates(query, typed=".stl")
        assert [one.item for one in found[:]] == [known, strange]
        assert found[1:2][0].distance is None
        assert found.ranked == 1

    def test_without_a_vector_of_its_own_a_query_gets_the_gallery_s_order(self, query):
        made = [item(seed, name="a.stl") for seed in (3, 1, 2)]
        query.vector = None
        assert [one.item for one in candidates(query, typed="a.stl")[:]] == made

    def test_nobody_is_asked_for_few(self, query):
        item(1)
        candidates(query)
        candidates(query, typed="stl")
        assert not Job.objects.exists()

    def test_few_questions_are_asked_however_many_items(self, query, django_assert_max_num_queries):
        for seed in range(1, 12):
            item(seed, character="海")
        with django_assert_max_num_queries(4):
            candidates(query, typed="hải")[:8]


class TestReasons:
    def test_the_better_reason_comes_before_likeness(self, query):
        by_name = item(0, name="hải.stl")
        about = item(1, character="害")  # hại, hai
        exact = item(2, character="海")
        found = candidates(query, typed="hải")[:]
        assert [one.item for one in found] == [exact, about, by_name]
        assert [one.reason.kind for one in found] == ["reading", "about", "name"]
        assert (found[0].reason.language, found[0].reason.text) == ("sino-vi", "hải")

    def test_the_character_itself_comes_before_what_it_is_part_of(self, query):
        part = item(0, character="海")
        itself = item(1, character="每")
        found = candidates(query, typed="每")[:]
        assert [(one.item, one.reason.kind) for one in found] == [(itself, "character"), (part, "component")]

    def test_exactly_one_character_is_nothing_else(self, query):
        item(0, character="海")
        itself = item(1, character="每")
        assert [one.item for one in candidates(query, character="每")[:]] == [itself]
        assert len(candidates(query, character="a\0b")) == 0


class TestManyItems:
    @pytest.fixture(autouse=True)
    def few_are_many(self, monkeypatch):
        monkeypatch.setattr(room, "MOST_COMPARED", 3)
        monkeypatch.setattr("webapp.search.nearest.WAIT_SECONDS", 0.05)

    @pytest.fixture
    def made(self, query):
        return [item(seed, name=f"{seed}.stl", character="海") for seed in range(1, 7)]

    def test_a_worker_is_asked_once(self, query, made):
        for _ in range(3):
            found = candidates(query)
            assert (len(found), found.coming, found.silent) == (0, True, False)
        job = Job.objects.get()
        assert (job.kind, job.queue) == ("nearest.find", "interactive")
        assert Nearest.objects.get(pk=job.payload["nearest"]).query == query

    def test_who_waits_in_vain_is_told(self, query, made):
        candidates(query)
        Nearest.objects.update(since=made[0].created.replace(year=2020))
        assert candidates(query).silent

    def test_meanwhile_those_that_fit_best_are_compared(self, query, made):
        found = candidates(query, typed="stl")
        assert (len(found), found.ranked, found.coming) == (6, 3, True)
        assert [one.distance is None for one in found[:]] == [False] * 3 + [True] * 3

    def test_the_worker_s_order_serves_every_page(self, query, made):
        order = made[::-1]
        answer_of_a_worker(order, query=query)
        found = candidates(query)
        assert [one.item for one in found[2:4]] == order[2:4]
        assert found[0:1][0].distance == pytest.approx(0.1)
        assert (found.ranked, found.coming) == (6, False)
        assert not Job.objects.exists()

    def test_and_every_search(self, query, made):
        order = made[::-1]
        answer_of_a_worker(order, query=query)
        found = candidates(query, typed="stl")
        assert [one.item for one in found[:]] == order
        assert found.ranked == 6

    def test_an_item_s_own_order_serves_for_more_like_it(self, query, made):
        answer_of_a_worker(made, item=made[0])
        assert [one.item for one in candidates(query, like=made[0])[:]] == made[1:]

    def test_a_newer_item_is_compared_here_while_a_newer_order_is_made(self, query, made):
        answer_of_a_worker(made[::-1], query=query)
        newer = item(0, name="newer.stl", character="海")
        found = candidates(query, typed="stl")
        assert found[0:1][0].item == newer
        assert (len(found), found.ranked, found.coming) == (7, 7, False)
        assert Job.objects.count() == 1

    def test_a_deleted_item_is_only_missing_from_its_page(self, query, made):
        answer_of_a_worker(made, query=query)
        made[1].delete()
        assert [one.item for one in candidates(query)[0:3]] == [made[0], made[2]]

    def test_another_model_s_order_is_none(self, query, made):
        answer_of_a_worker(made, query=query)
        Nearest.objects.update(model=None)
        assert candidates(query).coming

    def test_only_the_latest_orders_are_kept(self, query, made, monkeypatch):
        monkeypatch.setattr("webapp.search.nearest._KEPT", 2)
        for one in made[:4]:
            answer_of_a_worker(made, item=one)
        assert {row.item for row in Nearest.objects.all()} == set(made[2:4])

    def test_without_a_release_nothing_is_asked_for(self, query, made):
        type(factories.release()).objects.update(live=False)
        found = candidates(query)
        assert (found.coming, found.silent) == (True, True)
        assert not Job.objects.exists()
