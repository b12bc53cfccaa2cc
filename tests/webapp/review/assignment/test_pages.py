"""Pages of many people's work on a batch, and the talk of the review page about cards in hands."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories, people
from tests.markup import markup
from webapp.batches.models import Batch
from webapp.core.files.blobs import blob_path
from webapp.review.adjudication.gold import gold_mark
from webapp.review.adjudication.rulings import ruling_settle
from webapp.review.answer import Answer
from webapp.review.consensus.labels import query_label
from webapp.review.models import Decision, Gold, Lease, Remark

# page or action, by what is sent: who gets in where the batch is shared
PAGES = [
    ("/batches/{batch}/settings/", {"owner", "curator"}),
    ("/batches/{batch}/people/", {"reviewer", "curator"}),
    ("/batches/{batch}/blind/", {"curator"}),
    ("/batches/{batch}/second/", {"reviewer", "curator"}),
    ("/batches/{batch}/second/{query}/", {"reviewer", "curator"}),
]
DEEDS = [
    ("/batches/{batch}/settings/", {"owner", "curator"}),
    ("/queries/{query}/ruling/", {"reviewer", "curator"}),
    ("/queries/{query}/flags/", {"reviewer", "curator"}),
    ("/queries/{query}/gold/", {"curator"}),
]
EVERYBODY = ("owner", "teammate", "reviewer", "curator")


def post(client, address, body, **headers):
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def answer(client, query, **words):
    return post(client, f"/queries/{query.pk}/answer/", {"client_key": str(uuid.uuid4()), **words})


class TestDoors:
    @pytest.mark.parametrize("who", EVERYBODY)
    @pytest.mark.parametrize(("address", "let_in"), PAGES)
    def test_pages(self, shared, browse, address, let_in, who):
        found = browse(getattr(people, who)()).get(shared.fill(address)).status_code
        assert found == (200 if who in let_in else 403)

    @pytest.mark.parametrize("who", EVERYBODY)
    @pytest.mark.parametrize(("address", "let_in"), DEEDS)
    def test_actions(self, shared, browse, address, let_in, who):
        found = browse(getattr(people, who)()).post(shared.fill(address), {"gold": "0"}).status_code
        done = "gold" in address or "flags" in address
        assert found == (302 if who in let_in and done else 400 if who in let_in else 403)

    @pytest.mark.parametrize(("address", "_"), [*PAGES, *DEEDS])
    def test_what_is_not_shared_is_not_there(self, rooms, browse, address, _):
        assert browse(people.reviewer()).post(rooms.fill(address)).status_code in {404, 405}
        assert browse(people.teammate()).get(rooms.fill(address)).status_code in {404, 405}
        assert browse(people.STRANGER).get(rooms.fill(address)).status_code == 302

    def test_who_it_is_assigned_to_comes_in_though_it_is_not_shared(self, rooms, browse, teammate):
        address = rooms.fill("/batches/{batch}/review/")
        assert browse(teammate).get(address).status_code == 404
        rooms.batch.assigned.add(teammate)
        assert browse(teammate).get(address).status_code == 200
        assert rooms.batch.name in browse(teammate).get("/batches/").content.decode()


class TestCards:
    def deal(self, client, rooms, **words):
        found = post(client, f"/batches/{rooms.batch.pk}/review/deal/", words)
        assert found.status_code == 200
        return found.json()

    def test_a_card_is_dealt_once_held_and_given_back(self, shared, browse, owner, teammate):
        mine, theirs = browse(owner), browse(teammate)
        result = self.deal(mine, shared, order="batch", count=3, have=[])
        assert [card["id"] for card in result["cards"]] == [shared.query.pk]
        assert result["left"] == 0
        assert result["until"] > timezone.now().isoformat()
        result = self.deal(theirs, shared)
        assert (result["cards"], result["left"]) == ([], 1)
        hold = f"/batches/{shared.batch.pk}/review/hold/"
        assert post(theirs, hold, {"ids": [shared.query.pk]}).json() == {
            "held": [],
            "lost": [shared.query.pk],
        }
        assert post(mine, hold, {"ids": [shared.query.pk]}).json() == {"held": [shared.query.pk], "lost": []}
        post(mine, f"/batches/{shared.batch.pk}/review/release/", {"ids": [shared.query.pk]})
        assert [card["id"] for card in self.deal(theirs, shared)["cards"]] == [shared.query.pk]

    @pytest.mark.parametrize(
        "words",
        [
            {"order": "odd"},
            {"order": 3},
            {"count": 0},
            {"count": "2"},
            {"count": 999},
            {"have": "1"},
            {"have": [0]},
            {"have": [True]},
            {"have": list(range(1, 500))},
            {"skipped": "yes"},
            {"after": -1},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, rooms, browse, owner, words):
        assert post(browse(owner), f"/batches/{rooms.batch.pk}/review/deal/", words).status_code == 400

    def test_a_card_of_anothers_batch_is_not_held(self, rooms, browse, teammate):
        own = factories.batch(teammate)
        hold = post(browse(teammate), f"/batches/{own.pk}/review/hold/", {"ids": [rooms.query.pk]})
        assert hold.json() == {"held": [], "lost": [rooms.query.pk]}
        assert not Lease.objects.exists()

    def test_the_page_deals_its_first_card(self, shared, browse, owner, teammate):
        second = factories.query(shared.batch)
        found = []
        for person in (owner, teammate):
            page = browse(person).get(f"/batches/{shared.batch.pk}/review/?order=uncertain").content.decode()
            result = page.split('<script id="review-data" type="application/json">')[1].split("</script>")[0]
            result = json.loads(result)
            assert result["order"] == "uncertain"
            found.append(result["current"])
        assert sorted(found) == [shared.query.pk, second.pk]

    def test_a_stale_card_comes_back_fresh_and_the_answer_is_given_all_the_same(self, shared, browse, owner):
        client, key = browse(owner), str(uuid.uuid4())
        [card] = self.deal(client, shared)["cards"]
        other = factories.item(character="字")
        shared.query.suggestions.all().delete()
        factories.suggestions(shared.query, [other])
        sent = {"verdict": "match", "item": shared.item.pk, "client_key": key, "version": card["version"]}
        refused = post(client, card["answer"], sent)
        body = refused.json()
        assert (refused.status_code, body["code"], body["retryable"]) == (409, "card_changed", False)
        assert [one["item"]["id"] for one in body["card"]["suggestions"]] == [other.pk]
        assert not Decision.objects.exists()
        given = post(client, card["answer"], sent | {"version": body["card"]["version"]})
        assert given.status_code == 200
        again = post(client, card["answer"], sent)  # its first sending, come late
        assert again.status_code == 200
        assert Decision.objects.count() == 1

    def test_an_answer_with_everything_comes_back_on_the_card(self, shared, browse, owner):
        client, other = browse(owner), factories.item(character="\uf900")
        [card] = self.deal(client, shared)["cards"]
        sent = {
            "verdict": "match",
            "item": shared.item.pk,
            "also": [{"item": other.pk, "relation": "variant"}],
            "flag": True,
            "comment": "hai bản",
            "shown": [shared.item.pk],
            "version": card["version"],
        }
        assert answer(client, shared.query, **sent).status_code == 200
        [card] = client.get(f"/batches/{shared.batch.pk}/review/cards/?ids={shared.query.pk}").json()["cards"]
        [also] = card["decision"]["also"]
        assert (also["item"], also["relation"], also["found"]["character"]) == (other.pk, "variant", "\uf900")
        assert (card["decision"]["flag"], card["flagged"]) == (True, True)
        assert [(one["who"], one["text"]) for one in card["comments"]] == [("owner", "hai bản")]
        made = Decision.objects.get()
        assert (made.shown, made.dealt is not None) == ([shared.item.pk], True)

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ({"also": [{"item": 10**9}]}, "item_gone"),
            ({"item": 10**9}, "item_gone"),
            ({"also": [{}]}, "bad_also"),
            ({"also": "x"}, "bad_json"),
            ({"also": [3]}, "bad_json"),
            ({"flag": 1}, "bad_json"),
            ({"shown": ["x"]}, "bad_json"),
            ({"version": 3}, "bad_json"),
            ({"also": [{"item": "{item}"}]}, "bad_also"),
        ],
    )
    def test_words_that_do_not_fit_are_refused(self, rooms, browse, owner, words, code):
        if words == {"also": [{"item": "{item}"}]}:
            words = {"also": [{"item": rooms.item.pk}]}
        refused = answer(browse(owner), rooms.query, **{"verdict": "match", "item": rooms.item.pk, **words})
        assert (refused.status_code, refused.json()["code"]) == (400, code)

    def test_what_a_reviewer_settled_is_told(self, shared, browse, owner, reviewer):
        ruling_settle(query=shared.query, reviewer=reviewer, answer=Answer("none", reason="damaged"))
        refused = answer(browse(owner), shared.query, verdict="none")
        assert (refused.status_code, refused.json()["code"]) == (409, "settled")

    def test_a_picture_that_is_gone_is_told(self, rooms, browse, owner):
        blob_path(rooms.query.sha256).unlink()
        refused = answer(browse(owner), rooms.query, verdict="none")
        assert (refused.status_code, refused.json()["code"]) == (409, "gone")

    def test_whom_it_is_not_assigned_to_is_told(self, shared, browse, owner, teammate):
        shared.batch.assigned.add(teammate)
        refused = answer(browse(owner), shared.query, verdict="none")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_assigned")

    def test_others_answers_are_hidden_until_all_are_there(self, shared, browse, owner, teammate, reviewer):
        Batch.objects.filter(pk=shared.batch.pk).update(wanted=2, hidden=True)
        factories.answer(query=shared.query, annotator=owner, verdict="none", comment="mờ quá")
        client = browse(reviewer)
        cards = f"/batches/{shared.batch.pk}/review/cards/?ids={shared.query.pk}"
        [card] = client.get(cards).json()["cards"]
        assert (card["others"], card["comments"], card["answered"]) == (None, [], False)
        [card] = browse(owner).get(cards).json()["cards"]
        assert [one["text"] for one in card["comments"]] == ["mờ quá"]
        factories.answer(query=shared.query, annotator=teammate, verdict="match", item=shared.item)
        [card] = client.get(cards).json()["cards"]
        assert [(one["who"], one["verdict"]) for one in card["others"]] == [
            ("owner", "none"),
            ("teammate", "match"),
        ]
        assert card["others"][1]["item"]["character"] == "漢"
        assert [one["who"] for one in card["comments"]] == ["owner"]

    def test_a_blind_card_tells_nothing_of_the_ranking(self, shared, browse, owner, teammate):
        items = [factories.item() for _ in range(4)]
        query = factories.query(shared.batch)
        ranked = [row.item_id for row in factories.suggestions(query, items)]
        Batch.objects.filter(pk=shared.batch.pk).update(blind_share=100)
        factories.answer(query=query, annotator=teammate, verdict="none", comment="not here")
        [card] = browse(owner).get(f"/batches/{shared.batch.pk}/review/cards/?ids={query.pk}").json()["cards"]
        assert (card["blind"], card["others"], card["comments"]) == (True, None, [])
        assert {one["distance"] for one in card["suggestions"]} == {None}
        assert {one["confidence"] for one in card["suggestions"]} == {None}
        assert [one["rank"] for one in card["suggestions"]] == [1, 2, 3, 4]
        assert sorted(one["item"]["id"] for one in card["suggestions"]) == sorted(ranked)

    def test_a_remark_is_written_once_and_shown(self, rooms, browse, owner):
        client, address = browse(owner), f"/queries/{rooms.query.pk}/remark/"
        for _ in range(2):
            text = post(client, address, {"text": " nét mờ ", "flag": True})
        assert text.status_code == 201
        assert text.json()["flagged"] is True
        assert [one["text"] for one in text.json()["comments"]] == ["nét mờ"]
        assert Remark.objects.count() == 1
        for body in ({}, {"text": " "}, {"text": "x" * 10_001}, {"text": "a\0"}, {"flag": "1"}):
            assert post(client, address, body).status_code == 400


class TestGold:
    @pytest.fixture
    def gold(self, rooms, curator):
        """A gold card out of the owner's batch, which nobody else sees."""
        ruling_settle(query=rooms.query, reviewer=curator, answer=Answer("match", rooms.item))
        gold_mark(query=rooms.query, curator=curator)
        return rooms.query

    @pytest.fixture
    def work(self, teammate):
        batch = factories.batch(teammate, gold_share=100)
        factories.query(batch)
        return batch

    def test_a_gold_card_is_like_any_other(self, gold, work, rooms, browse, teammate):
        client = browse(teammate)
        assert client.get(f"/queries/{gold.pk}/candidates/?q=x").status_code == 404
        picture = f"/queries/{gold.pk}/{gold.sha256[:16]}/page.webp"
        assert client.get(picture).status_code == 404
        body = post(client, f"/batches/{work.pk}/review/deal/", {"count": 2}).json()
        cards = {card["id"]: card for card in body["cards"]}
        assert gold.pk in cards
        [other] = [card for card in cards.values() if card["id"] != gold.pk]
        card = cards[gold.pk]
        assert card.keys() == other.keys()
        plain = ("answered", "settled", "others", "decision", "flagged", "comments", "sent_back", "blind")
        assert [card[name] for name in plain] == [False, False, None, None, False, [], None, False]
        assert card["answer"].endswith(f"?batch={work.pk}")
        assert client.get(picture).status_code == 200
        sent = {"verdict": "none", "version": card["version"], "client_key": str(uuid.uuid4())}
        given = post(client, card["answer"], sent)
        assert given.json()["progress"] == {"ready": 1, "answered": 0, "skipped": 0}
        assert Decision.objects.get(annotator=teammate).gold
        assert query_label(gold).item == rooms.item
        later = client.get(f"/batches/{work.pk}/review/cards/?ids={gold.pk}").json()["cards"]
        assert later[0]["decision"]["verdict"] == "none"
        assert client.get(f"/batches/{gold.batch_id}/").status_code == 404

    def test_a_gold_card_in_nobody_s_hands_is_not_answered(self, gold, browse, teammate):
        assert answer(browse(teammate), gold, verdict="none").status_code == 404

    def test_a_curator_marks_and_unmarks_it(self, gold, browse, curator):
        client, address = browse(curator), f"/queries/{gold.pk}/gold/"
        assert client.post(address, {"gold": "0"}).status_code == 302
        assert not Gold.objects.exists()
        client.post(address, {"gold": "1", "why": "gold"})
        assert Gold.objects.get().marked_by == curator


class TestSettings:
    def test_they_are_saved_and_shown_again(self, rooms, browse, owner, teammate):
        client, address = browse(owner), f"/batches/{rooms.batch.pk}/settings/"
        sent = {
            "wanted": "1",
            "hidden": "1",
            "assigned": [str(teammate.pk)],
            "blind_share": "5",
            "gold_share": "7",
        }
        assert client.post(address, sent).status_code == 302
        rooms.batch.refresh_from_db()
        result = (rooms.batch.wanted, rooms.batch.hidden, rooms.batch.blind_share, rooms.batch.gold_share)
        assert result == (1, True, 5, 7)
        assert list(rooms.batch.assigned.all()) == [teammate]
        assert f'value="{teammate.pk}" checked' in markup(client.get(address))

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"wanted": "6", "blind_share": "3", "gold_share": "0"},
            {"wanted": "1", "blind_share": "99", "gold_share": "0"},
            {"wanted": "x", "blind_share": "3", "gold_share": "0"},
            {"wanted": "1", "blind_share": "3", "gold_share": "0", "assigned": "999999"},
        ],
    )
    def test_what_does_not_fit_is_said_on_the_page(self, rooms, browse, owner, sent):
        refused = browse(owner).post(f"/batches/{rooms.batch.pk}/settings/", sent)
        assert refused.status_code == 400
        assert 'data-testid="settings-refused"' in refused.content.decode()


def test_the_people_and_the_blind_cards_are_told(shared, browse, owner, teammate, curator):
    for person in (owner, teammate):
        factories.answer(query=shared.query, annotator=person, verdict="none")
    client = browse(curator)
    page = client.get(f"/batches/{shared.batch.pk}/people/").content.decode()
    assert page.count('data-testid="person"') == 2
    assert 'data-testid="pairs"' in page
    page = client.get(f"/batches/{shared.batch.pk}/blind/").content.decode()
    assert 'data-testid="blind-here"' in page
    Decision.objects.all().delete()
    page = client.get(f"/batches/{shared.batch.pk}/people/").content.decode()
    assert 'data-testid="empty-state"' in page


def test_a_lease_of_yesterday_holds_nothing(shared, browse, owner, teammate):
    post(browse(owner), f"/batches/{shared.batch.pk}/review/deal/", {})
    Lease.objects.update(until=timezone.now() - timedelta(days=1))
    body = post(browse(teammate), f"/batches/{shared.batch.pk}/review/deal/", {}).json()
    assert [card["id"] for card in body["cards"]] == [shared.query.pk]
