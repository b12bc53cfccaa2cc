"""A confirmed match serves the next query, and does so no more once it is no match any more."""

import numpy as np
import pytest
from django.utils import timezone

from tests import factories
from tests.workers.conftest import register
from tests.workers.tasks.batches.test_match import run_all, some_item, unit
from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.jobs.models import Job
from webapp.registry.services import release_make_live
from webapp.review.answering.services import decision_withdraw
from webapp.review.consensus.exemplar_backfill import exemplars_catch_up
from webapp.review.models import Lease
from webapp.search.exemplars import exemplars_embed_when_due, exemplars_spread_when_due
from webapp.search.models import Exemplar
from webapp.search.services import batch_search_again
from workers.live import cache
from workers.live.ranking import find_carvings

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(owner):
    return factories.batch(owner)


@pytest.fixture
def vectors(release):
    """``vectors(place)``: unit vectors at right angles to each other. share: how far, of 1, it lies towards
    the next.
    """
    axes = np.eye(release.model.width, dtype=np.float32)

    def vector(place, share=0.0):
        mixed = (1 - share) * axes[place] + share * axes[place + 1]
        return (mixed / np.linalg.norm(mixed)).astype(np.float32)

    return vector


@pytest.fixture
def ready(batch, release):
    """``ready(vector, batch)``: a query that was embedded."""

    def made(vector, into=None):
        values = {"vector": vector.astype("<f4").tobytes(), "vector_model": release.model}
        return factories.query(into or batch, **values)

    return made


@pytest.fixture
def items(release, vectors):
    """Six items; the query at place 0 is unlike all of them, and the first lies nearest."""
    found = [some_item(release.model, vectors(10, 0.1 * place), name=f"{place}") for place in range(6)]
    Item.objects.filter(pk=found[4].pk).update(character="玉")
    Item.objects.filter(pk=found[5].pk).update(character="玉")
    return found


def found_by(query):
    """(item, exemplar's query) of the five, the best first."""
    vector = np.frombuffer(bytes(query.vector), "<f4")[None]
    hits, _ = find_carvings(cache.live(), vector, [None], [query.pk])[0]
    return [(hit.item_id, hit.exemplar_id) for hit in hits]


def test_the_next_query_like_it_is_drawn_to_the_item_and_its_character(items, ready, vectors, owner):
    answered, asking = ready(vectors(0)), ready(vectors(0, 0.05))
    assert items[4].pk != found_by(asking)[0][0]
    factories.answer(query=answered, annotator=owner, verdict="match", item=items[4])
    assert found_by(asking)[:2] == [(items[4].pk, answered.pk), (items[5].pk, answered.pk)]
    assert found_by(ready(vectors(3)))[0][1] is None, "what is unlike it hears nothing"
    assert found_by(answered)[0][1] is None, "nor is anybody their own witness"


def test_an_item_whose_prints_are_unlike_the_query_stays_where_it_is(items, ready, vectors, owner):
    asking = ready(vectors(3))
    before = found_by(asking)
    assert items[4].pk in [item for item, _ in before]
    factories.answer(query=ready(vectors(0)), annotator=owner, verdict="match", item=items[4])
    assert found_by(asking) == before


class TestTakenBack:
    @pytest.fixture
    def answered(self, items, ready, vectors, owner):
        query = ready(vectors(0))
        factories.answer(query=query, annotator=owner, verdict="match", item=items[4])
        return query

    @pytest.fixture
    def asking(self, answered, items, ready, vectors):
        query = ready(vectors(0, 0.05))
        assert found_by(query)[0] == (items[4].pk, answered.pk), "it was heard of in this process"
        return query

    def test_superseded_by_another_match(self, answered, asking, items, owner):
        factories.answer(query=answered, annotator=owner, verdict="match", item=items[3])
        assert found_by(asking)[0] == (items[3].pk, answered.pk)

    def test_superseded_by_none(self, answered, asking, owner):
        factories.answer(query=answered, annotator=owner, verdict="none")
        assert {exemplar for _, exemplar in found_by(asking)} == {None}

    def test_withdrawn_and_said_again(self, answered, asking, items, owner):
        decision_withdraw(query=answered, annotator=owner)
        assert {exemplar for _, exemplar in found_by(asking)} == {None}
        factories.answer(query=answered, annotator=owner, verdict="match", item=items[4])
        assert found_by(asking)[0] == (items[4].pk, answered.pk)

    def test_the_query_is_deleted(self, answered, asking):
        Query.objects.filter(pk=answered.pk).delete()
        assert {exemplar for _, exemplar in found_by(asking)} == {None}
        assert len(cache.live().exemplars) == 0, "it is forgotten at first use"

    def test_the_item_is_deleted_or_refused(self, asking, items):
        Item.objects.filter(pk=items[4].pk).update(state="rejected")
        assert items[4].pk not in [item for item, _ in found_by(asking)]

    def test_a_new_process_knows_the_same(self, asking):
        before = found_by(asking)
        cache.forget()
        assert found_by(asking) == before

    def test_what_was_deleted_unused_is_forgotten_in_time(self, answered, asking, monkeypatch):
        monkeypatch.setattr("workers.live.exemplars._COUNTED_EVERY", 0.0)
        Query.objects.filter(pk=answered.pk).delete()
        assert len(cache.live().exemplars) == 0


class TestOpenCards:
    @pytest.fixture
    def cards(self, items, ready, vectors, batch, do):
        """Queries of the batch with their suggestions: one to answer, two like it, one unlike."""
        some = [ready(vectors(0, share)) for share in (0, 0.05, 0.06)] + [ready(vectors(3))]
        batch_search_again(batch=batch)
        run_all()
        return some

    def spread(self):
        assert exemplars_spread_when_due()
        assert not exemplars_spread_when_due(), "it is asked for once"
        run_all()
        assert not exemplars_spread_when_due()

    def test_those_like_the_answered_one_are_searched_again(self, cards, items, owner):
        unlike = list(cards[3].suggestions.values_list("pk", flat=True))
        factories.answer(query=cards[0], annotator=owner, verdict="match", item=items[4])
        kept = list(cards[0].suggestions.values_list("pk", flat=True))
        self.spread()
        for query in cards[1:3]:
            first = query.suggestions.first()
            assert (first.item_id, first.exemplar_id) == (items[4].pk, cards[0].pk)
        assert list(cards[3].suggestions.values_list("pk", flat=True)) == unlike
        assert list(cards[0].suggestions.values_list("pk", flat=True)) == kept, "answered ones never change"

    def test_they_go_back_when_the_answer_is_taken_back(self, cards, items, owner):
        before = list(cards[1].suggestions.values_list("item", "exemplar"))
        factories.answer(query=cards[0], annotator=owner, verdict="match", item=items[4])
        self.spread()
        decision_withdraw(query=cards[0], annotator=owner)
        self.spread()
        assert list(cards[1].suggestions.values_list("item", "exemplar")) == before

    def test_a_card_in_somebodys_hands_stays_as_it_is(self, cards, items, owner):
        now = timezone.now()
        until = now + timezone.timedelta(minutes=2)
        Lease.objects.create(query=cards[1], holder=owner, until=until, given=now)
        Lease.objects.create(query=cards[2], holder=owner, until=now, given=now)  # it ran out
        before = list(cards[1].suggestions.values_list("pk", flat=True))
        factories.answer(query=cards[0], annotator=owner, verdict="match", item=items[4])
        self.spread()
        assert list(cards[1].suggestions.values_list("pk", flat=True)) == before
        assert cards[2].suggestions.first().item_id == items[4].pk

    def test_other_batches_wait_until_they_are_searched(self, cards, items, ready, vectors, owner):
        other = factories.batch(owner)
        query = ready(vectors(0, 0.05), other)
        batch_search_again(batch=other)
        run_all()
        before = list(query.suggestions.values_list("pk", flat=True))
        factories.answer(query=cards[0], annotator=owner, verdict="match", item=items[4])
        self.spread()
        assert list(query.suggestions.values_list("pk", flat=True)) == before
        batch_search_again(batch=other)
        run_all()
        assert query.suggestions.first().exemplar_id == cards[0].pk


def test_after_a_promotion_exemplars_are_embedded_anew(items, batch, owner, random_weights, release):
    answered, lost = factories.query(batch, seed=1), factories.query(batch, seed=2)
    vector = unit(np.random.default_rng(5), release.model.width, 1)[0].tobytes()
    Query.objects.update(vector=vector, vector_model=release.model)
    for query in (answered, lost):
        factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
    assert not exemplars_embed_when_due(), "they are of the live model"
    assert len(cache.live().exemplars) == 2
    other = register(random_weights[1])
    release_make_live(model=other, index=None)
    assert len(cache.live().exemplars) == 0, "vectors of two models never meet"
    Query.objects.filter(pk=lost.pk).update(sha256="0" * 64)  # its picture is gone
    assert exemplars_embed_when_due()
    run_all()
    answered.refresh_from_db()
    assert answered.vector_model_id == other.pk
    assert bytes(answered.vector) != vector
    held = cache.live().exemplars
    assert [held[one].query for one in held.ids()] == [answered.pk]
    assert exemplars_spread_when_due(), "open queries hear of them"
    assert not exemplars_embed_when_due(), "a picture that cannot be read is not tried for ever"
    assert not Job.objects.filter(state="failed").exists()


def test_what_was_matched_before_there_were_exemplars_becomes_one(items, ready, vectors, owner):
    query = ready(vectors(0))
    factories.answer(query=query, annotator=owner, verdict="match", item=items[4])
    Exemplar.objects.all().delete()
    assert exemplars_catch_up() == 1
    assert exemplars_catch_up() == 0
    assert found_by(ready(vectors(0, 0.05)))[0] == (items[4].pk, query.pk)
