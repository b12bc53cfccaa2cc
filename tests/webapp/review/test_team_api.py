"""Many people's work on a batch as programs see it."""

import pytest

from tests import factories, people
from webapp.batches.models import Batch
from webapp.review.consensus.labels import query_label
from webapp.review.models import Decision, Gold, Lease, Remark

API = "/api/v1"


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


@pytest.fixture
def item(db):
    return factories.item(character="字")


@pytest.fixture
def query(batch, item):
    query = factories.query(batch)
    factories.suggestions(query, [item, factories.item()])
    return query


def test_a_card_goes_through_one_s_hands(batch, query, item, owner, teammate, api):
    mine, theirs, base = api(owner), api(teammate), f"{API}/batches/{batch.pk}"
    body = mine.post(f"{base}/deal/", {"order": "character", "count": 5}, format="json").json()
    [card] = body["cards"]
    assert (card["id"], body["left"]) == (query.pk, 0)
    assert card["suggestions"][0]["item"]["character"] == "字"
    assert theirs.post(f"{base}/deal/", {}, format="json").json()["left"] == 1
    ids = {"ids": [query.pk, 10**9]}
    assert theirs.post(f"{base}/hold/", ids, format="json").json() == {"held": [], "lost": ids["ids"]}
    assert mine.post(f"{base}/hold/", ids, format="json").json() == {"held": [query.pk], "lost": [10**9]}
    assert mine.post(f"{base}/release/", ids, format="json").status_code == 204
    [again] = theirs.post(f"{base}/deal/", {}, format="json").json()["cards"]
    assert again["id"] == query.pk
    assert Lease.objects.get().holder == teammate


def test_an_answer_to_a_stale_card_comes_back_with_the_fresh_one(batch, query, item, owner, teammate, api):
    [card] = api(owner).post(f"{API}/batches/{batch.pk}/deal/", {}, format="json").json()["cards"]
    address = f"{API}/queries/{query.pk}/decisions/"
    assert api(teammate).post(address, {"verdict": "none"}, format="json").status_code == 201
    sent = {"verdict": "match", "item": item.pk, "version": card["version"]}
    refused = api(owner).post(address, sent, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "card_changed")
    fresh = refused.json()["card"]
    assert [one["who"] for one in fresh["others"]] == ["teammate"]
    sent["version"] = fresh["version"]
    assert api(owner).post(address, sent, format="json").status_code == 201
    assert query_label(query).item == item


def test_several_matches_a_flag_and_what_was_shown(query, item, owner, api):
    other = factories.item()
    sent = {
        "verdict": "match",
        "item": item.pk,
        "also": [{"item": other.pk, "relation": "variant"}],
        "flag": True,
        "shown": [item.pk],
    }
    made = api(owner).post(f"{API}/queries/{query.pk}/decisions/", sent, format="json").json()
    assert made["also"] == [{"item": other.pk, "relation": "variant", "fit": None}]
    assert made["shown"] == [item.pk]
    assert Remark.objects.get().flag


def test_others_words_are_hidden_while_the_batch_hides_them(batch, query, owner, teammate, api):
    Batch.objects.update(wanted=2, hidden=True)
    address = f"{API}/queries/{query.pk}/decisions/"
    api(owner).post(address, {"verdict": "none"}, format="json")
    assert api(teammate).get(address).json()["count"] == 0
    assert api(owner).get(address).json()["count"] == 1
    api(teammate).post(address, {"verdict": "unsure"}, format="json")
    assert api(teammate).get(address).json()["count"] == 2


def test_settings_are_read_and_changed(batch, owner, teammate, api):
    address = f"{API}/batches/{batch.pk}/settings/"
    before = {"wanted": 1, "hidden": False, "assigned": [], "blind_share": 0, "gold_share": 0}
    assert api(teammate).get(address).json() == before
    sent = {"hidden": True, "assigned": ["teammate"], "blind_share": 4}
    assert api(owner).patch(address, sent, format="json").json() == before | sent
    assert api(owner).patch(address, {"wanted": 2}, format="json").json()["code"] == "bad_settings"
    for bad in ({"wanted": 9}, {"assigned": ["nobody"]}, {"gold_share": 21}):
        assert api(owner).patch(address, bad, format="json").status_code == 400


def test_rulings_are_made_and_read(batch, query, item, owner, reviewer, api):
    client, address = api(reviewer), f"{API}/queries/{query.pk}/rulings/"
    api(owner).post(f"{API}/queries/{query.pk}/decisions/", {"verdict": "none"}, format="json")
    assert client.post(address, {"kind": "approve"}, format="json").status_code == 201
    refused = api(owner).post(f"{API}/queries/{query.pk}/decisions/", {"verdict": "none"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "settled")
    sent = {"kind": "settle", "verdict": "match", "item": item.pk, "relation": "variant", "comment": "rõ"}
    assert client.post(address, sent, format="json").status_code == 201
    assert query_label(query).settles
    assert client.post(address, {"kind": "send_back", "comment": "look"}, format="json").status_code == 201
    body = api(owner).get(address).json()
    assert [(row["kind"], row["reviewer"]) for row in body] == [
        ("send_back", "reviewer"),
        ("settle", "reviewer"),
        ("approve", "reviewer"),
    ]
    assert query_label(query) is None


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"kind": "odd"},
        {"kind": "settle"},
        {"kind": "approve", "verdict": "none"},
        {"kind": "settle", "verdict": "unsure"},
        {"kind": "settle", "verdict": "match"},
        {"kind": "settle", "verdict": "match", "item": 10**9},
        {"kind": "send_back"},
    ],
)
def test_a_ruling_without_sense_is_refused(query, reviewer, api, sent):
    assert api(reviewer).post(f"{API}/queries/{query.pk}/rulings/", sent, format="json").status_code == 400


def test_gold_is_marked_by_curators(query, reviewer, curator, api):
    address = f"{API}/queries/{query.pk}/gold/"
    assert api(curator).put(address).json()["code"] == "not_settled"
    sent = {"kind": "settle", "verdict": "none", "reason": "damaged"}
    api(reviewer).post(f"{API}/queries/{query.pk}/rulings/", sent, format="json")
    assert api(curator).put(address).json() == {"gold": True}
    assert api(reviewer).delete(address).status_code == 403
    assert api(curator).delete(address).json() == {"gold": False}
    assert not Gold.objects.exists()


def test_a_gold_card_of_a_strange_batch_is_answered_through_the_api(query, batch, teammate, curator, api):
    api(curator).post(
        f"{API}/queries/{query.pk}/rulings/", {"kind": "settle", "verdict": "none"}, format="json"
    )
    api(curator).put(f"{API}/queries/{query.pk}/gold/")
    Batch.objects.update(shared=False)
    work = factories.batch(teammate, gold_share=100)
    factories.query(work)
    client = api(teammate)
    dealt = client.post(f"{API}/batches/{work.pk}/deal/", {"count": 1}, format="json").json()
    assert query.pk in [card["id"] for card in dealt["cards"]]
    address = f"{API}/queries/{query.pk}/decisions/"
    assert client.post(address, {"verdict": "none"}, format="json").status_code == 201
    assert Decision.objects.get(annotator=teammate).gold
    body = client.get(address).json()["results"]
    assert [row["annotator"] for row in body] == ["teammate"]  # not what is right
    assert client.get(f"{API}/queries/{query.pk}/rulings/").status_code == 404


def test_people_and_blind_cards_are_told(batch, query, owner, teammate, reviewer, curator, api):
    for person in (owner, teammate):
        api(person).post(f"{API}/queries/{query.pk}/decisions/", {"verdict": "none"}, format="json")
    body = api(reviewer).get(f"{API}/batches/{batch.pk}/people/").json()
    assert [person["name"] for person in body["persons"]] == ["owner", "teammate"]
    assert (body["pairs"][0]["both"], body["compared"], body["alpha"]) == (1, 1, None)
    body = api(curator).get(f"{API}/batches/{batch.pk}/blind/").json()
    assert (body["seen"]["answers"], body["blind"]["first"]["value"]) == (2, None)


def test_an_assigned_annotator_comes_in_and_a_stranger_does_not(batch, query, teammate, api):
    Batch.objects.update(shared=False)
    late = people.person("late")
    batch.assigned.add(late)
    for address, method in (("deal", "post"), ("hold", "post"), ("settings", "get")):
        send = getattr(api(late), method), getattr(api(teammate), method)
        found = [ask(f"{API}/batches/{batch.pk}/{address}/").status_code for ask in send]
        assert found == [200, 404]
    assert api(late).patch(f"{API}/batches/{batch.pk}/settings/", {}, format="json").status_code == 403
