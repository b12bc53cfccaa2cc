"""Where a match lies on the picture is kept with the answer; and whether a relation had been proposed."""

import uuid

import pytest

from tests import factories
from webapp.batches.models import Query
from webapp.core.errors import Refused
from webapp.review.adjudication.card import choices_of, script_data
from webapp.review.answer import Match
from webapp.review.bulk.checks import BulkMatch
from webapp.review.bulk.services import decisions_record_bulk
from webapp.review.cards.context import with_card_rows
from webapp.review.cards.payload import card_of
from webapp.search.fits import PERSON, Fit
from webapp.search.hits import Hit
from webapp.search.models import SecondStage, Suggestion


@pytest.fixture
def query(owner):
    made = factories.query(factories.batch(owner))
    items = [factories.item() for _ in range(2)]
    values = {"fit": factories.fit().stored(), "proposed": "same_carving", "proposed_probability": 0.97}
    factories.suggestions(made, items, **values)
    return made


def first(query):
    return query.suggestions.first().item


def record(query, annotator, **words):
    words = {"verdict": "match", "item": first(query), "shown": (first(query).pk,), **words}
    return factories.answer(query=query, annotator=annotator, **words)


def test_a_match_lies_where_the_search_laid_it(query, owner):
    found = record(query, owner, also=[Match(query.suggestions.last().item)])
    assert Fit.of(found.fit) == factories.fit()
    assert Fit.of(found.also.get().fit) == factories.fit()


def test_a_place_that_was_mended_is_the_persons(query, owner):
    moved = Fit((-0.7, 0.0, 0.2, 0.0, 0.7, 0.0), 0.95, 0.03, by=PERSON, turn=0)
    assert Fit.of(record(query, owner, fit=moved).fit) == moved
    same = Fit(factories.fit().transform, 0.95, 0.03, by=PERSON)
    assert record(query, owner, fit=same).fit["by"] == "worker"


def test_an_item_that_was_found_by_hand_has_no_place(query, owner):
    assert record(query, owner, item=factories.item()).fit is None


def test_a_place_goes_with_a_match_alone_and_must_be_sound(query, owner):
    flat = Fit((1.0, 0.0, 0.0, 0.0, 0.0, 0.0), by=PERSON)
    for words in ({"fit": flat}, {"verdict": "none", "item": None, "fit": factories.fit()}):
        with pytest.raises(Refused) as refused:
            record(query, owner, **words)
        assert refused.value.code == "bad_fit"


def test_whether_an_answer_was_led_is_kept(query, owner):
    assert record(query, owner, relation="same_character").proposed == "same_carving"
    assert record(query, owner, shown=None).proposed == ""
    assert record(query, owner, item=factories.item()).proposed == ""
    assert record(query, owner, verdict="none", item=None).proposed == ""


def test_a_blind_card_proposes_nothing(query, owner):
    query.batch.blind_share = 100
    query.batch.save()
    shown = card_of(query, owner)["suggestions"][0]
    assert (shown["fit"], shown["proposed"]) == (None, "")
    assert record(query, owner).proposed == ""


def test_the_card_shows_what_is_proposed_and_where_it_lies(query, owner):
    shown = card_of(query, owner)["suggestions"][0]
    assert (shown["fit"], shown["proposed"]) == (factories.fit().stored(), "same_carving")
    record(query, owner)
    assert card_of(query, owner)["decision"]["fit"] == factories.fit().stored()


def test_another_proposal_is_another_card(query, owner):
    before = card_of(query, owner)["version"]
    Suggestion.objects.filter(query=query, rank=1).update(proposed="cannot_tell")
    assert card_of(query, owner)["version"] != before


def test_a_query_searched_before_there_was_a_second_stage_is_as_it_was(owner):
    query = factories.query(factories.batch(owner))
    factories.suggestions(query, [factories.item()])
    shown = card_of(query, owner)["suggestions"][0]
    assert (shown["fit"], shown["proposed"]) == (None, "")
    found = record(query, owner)
    assert (found.fit, found.proposed) == (None, "")


def test_programs_send_and_read_it(query, owner, api):
    client = api(owner)
    sent = {"verdict": "match", "item": first(query).pk, "shown": [first(query).pk]}
    place = {"transform": [-0.7, 0, 0.2, 0, 0.7, 0], "agreement": 0.9, "residual": 0.1}
    answered = client.post(f"/api/v1/queries/{query.pk}/decisions/", {**sent, "fit": place}, format="json")
    assert answered.json()["fit"] == {**place, "by": "person"}
    assert answered.json()["proposed"] == "same_carving"
    read = client.get(f"/api/v1/queries/{query.pk}/").json()
    assert read["suggestions"][0]["fit"]["by"] == "worker"
    assert read["second_stage"] is None


@pytest.mark.parametrize("transform", [[1, 0, 0], [1, 0, 0, 0, "x", 0], [0, 0, 0, 0, 0, 0], None])
def test_a_place_that_cannot_be_is_refused(query, owner, api, transform):
    sent = {"verdict": "match", "item": first(query).pk, "fit": {"transform": transform}}
    answered = api(owner).post(f"/api/v1/queries/{query.pk}/decisions/", sent, format="json")
    assert answered.status_code == 400


def test_a_bulk_answer_lies_where_the_search_laid_it(query, owner):
    suggestion = query.suggestions.first()
    match = BulkMatch(query.pk, suggestion.item_id, suggestion.pk)
    result = decisions_record_bulk(annotator=owner, matches=[match], key=uuid.uuid4())
    made = query.decisions.get(pk=result.written[query.pk])
    assert (Fit.of(made.fit), made.proposed) == (factories.fit(), "")


def test_carvings_beyond_the_five_are_listed_where_the_card_is_not_blind(query, owner, browse):
    items = [factories.item() for _ in range(3)]
    hits = [Hit(item.pk, 0.1, 0.0, True, fit=factories.fit(), proposed="same_character") for item in items]
    SecondStage.objects.create(query=query, outcome="done", carvings=[hit.short() for hit in hits])
    card = card_of(query, owner)
    assert card["further"] == 3
    found = browse(owner).get(card["carvings"]).json()["suggestions"]
    assert [one["item"]["id"] for one in found] == [item.pk for item in items]
    assert found[0]["fit"] == factories.fit().stored()
    query.batch.blind_share = 100
    query.batch.save()
    assert browse(owner).get(card["carvings"]).json()["suggestions"] == []
    assert card_of(query, owner)["further"] == 0


def test_carvings_are_for_those_who_see_the_card(query, owner, teammate, browse):
    assert browse(teammate).get(card_of(query, owner)["carvings"]).status_code == 404


def test_a_reviewer_sees_the_place_that_an_annotator_chose(query, owner):
    moved = Fit((-0.7, 0.0, 0.2, 0.0, 0.7, 0.0), 0.95, 0.03, by=PERSON)
    record(query, owner, fit=moved)
    read = with_card_rows(Query.objects.all()).get(pk=query.pk)
    data = script_data(read, choices_of(read), owner, None)
    assert [one["fit"] for one in data["suggestions"]] == [
        moved.kept_at(0).stored(),
        factories.fit().stored(),
    ]
    assert (data["width"], data["height"]) == (64, 64)
