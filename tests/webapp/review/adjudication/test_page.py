"""The second pass: what a reviewer says of what annotators said."""

import json

import pytest

from tests import factories
from tests.markup import markup
from tests.webapp.review.assignment.test_pages import post
from webapp.batches.models import Batch
from webapp.review.answering.remarks import remark_add
from webapp.review.consensus.labels import query_label
from webapp.review.models import Remark, Ruling


class TestSecondPass:
    @pytest.fixture
    def said(self, shared, owner, teammate):
        """Two who do not agree, of two queries."""
        Batch.objects.filter(pk=shared.batch.pk).update(wanted=2)
        for query in (shared.query, factories.query(shared.batch, name="second.png")):
            factories.answer(query=query, annotator=owner, verdict="none", comment="không thấy")
            factories.answer(query=query, annotator=teammate, verdict="match", item=shared.item)
        return shared

    def test_the_list_and_the_card_tell_what_was_said(self, said, browse, reviewer):
        client = browse(reviewer)
        page = client.get(f"/batches/{said.batch.pk}/second/?why=disputed").content.decode()
        assert page.count('data-testid="second-query"') == 2
        page = client.get(f"/batches/{said.batch.pk}/second/{said.query.pk}/").content.decode()
        assert page.count('data-testid="said"') == 2
        assert "không thấy" in page
        assert 'data-testid="choice"' in page
        assert page.count('<span class="state good">teammate</span>') == 1  # who chose it
        assert 'data-testid="approve"' not in page
        assert client.get(f"/batches/{said.batch.pk}/second/?why=odd").status_code == 200
        assert client.get(f"/batches/{said.batch.pk}/second/999999/").status_code == 404

    def test_one_is_settled_after_the_other(self, said, browse, reviewer):
        client, address = browse(reviewer), f"/queries/{said.query.pk}/ruling/"
        card = client.get(f"/batches/{said.batch.pk}/second/{said.query.pk}/?why=disputed")
        following = card.context["place"].next
        sent = {"kind": "settle", "choice": str(said.item.pk), "relation": "variant", "comment": "rõ"}
        sent |= {"why": "disputed", "next": str(following), "seen": card.context["seen"]}
        done = client.post(address, sent)
        assert done.url == f"/batches/{said.batch.pk}/second/{following}/?why=disputed&back={said.query.pk}"
        label = query_label(said.query)
        assert (label.item, label.relation, label.annotator) == (said.item, "variant", reviewer)
        refused = client.post(address, sent)
        assert refused.status_code == 409  # pressed twice
        assert Ruling.objects.count() == 1

    def test_it_is_settled_as_none(self, said, browse, reviewer):
        sent = {"kind": "settle", "choice": "damaged"}
        done = browse(reviewer).post(f"/queries/{said.query.pk}/ruling/", sent)
        assert done.url == f"/batches/{said.batch.pk}/second/?why=open&back={said.query.pk}"
        assert query_label(said.query).reason == "damaged"

    def test_a_block_is_settled_where_it_was_put(self, said, browse, reviewer):
        client, address = browse(reviewer), f"/queries/{said.query.pk}/ruling/"
        place = {"transform": [-0.7, 0, 0.2, 0, 0.7, 0], "agreement": 0.9, "residual": None}
        sent = {"kind": "settle", "choice": str(said.item.pk)}
        for bad in ("x", "[]", '{"transform": [1, 0]}', '{"transform": [0, 0, 0, 0, 0, 0]}'):
            assert client.post(address, sent | {"fit": bad}).status_code == 400
        client.post(address, sent | {"fit": json.dumps(place)})
        assert query_label(said.query).fit == {**place, "by": "person", "turn": 0}

    def test_none_needs_no_reason_and_what_was_ruled_last_is_one_click_away(self, said, browse, reviewer):
        client = browse(reviewer)
        done = client.post(f"/queries/{said.query.pk}/ruling/", {"choice": "none"})
        label = query_label(said.query)
        assert (label.verdict, label.reason) == ("none", "")
        assert f'/second/{said.query.pk}/?why=open" data-testid="second-back"' in markup(client.get(done.url))
        for word in ("999999", "x", "9" * 30):
            page = client.get(f"/batches/{said.batch.pk}/second/?back={word}").content.decode()
            assert "second-back" not in page

    def test_a_flag_comes_down_without_a_ruling(self, said, browse, reviewer, owner):
        remark_add(query=said.query, annotator=owner, flag=True)
        client, card = browse(reviewer), f"/batches/{said.batch.pk}/second/{said.query.pk}/?why=flagged"
        assert 'data-testid="flag-lower"' in client.get(card).content.decode()
        done = client.post(f"/queries/{said.query.pk}/flags/", {"why": "flagged"})
        assert done.url == card
        assert 'data-testid="flag-lower"' not in client.get(card).content.decode()
        assert Remark.objects.get().resolved_by == reviewer
        assert not Ruling.objects.exists()

    def test_it_is_sent_back_and_says_so_on_the_card(self, said, browse, owner, reviewer):
        sent = {"kind": "send_back", "comment": "nhìn bên trái"}
        assert browse(reviewer).post(f"/queries/{said.query.pk}/ruling/", sent).status_code == 302
        body = post(browse(owner), f"/batches/{said.batch.pk}/review/deal/", {}).json()
        [card] = body["cards"]
        assert card["id"] == said.query.pk
        assert (card["sent_back"]["who"], card["sent_back"]["text"]) == ("reviewer", "nhìn bên trái")
        assert card["decision"]["verdict"] == "none"

    def test_an_approved_label_is_shown_as_settled(self, said, browse, owner, reviewer):
        factories.answer(query=said.query, annotator=owner, verdict="match", item=said.item)
        client = browse(reviewer)
        page = client.get(f"/batches/{said.batch.pk}/second/{said.query.pk}/").content.decode()
        assert 'data-testid="approve"' in page
        client.post(f"/queries/{said.query.pk}/ruling/", {"kind": "approve"})
        page = client.get(f"/batches/{said.batch.pk}/second/{said.query.pk}/?why=settled").content.decode()
        assert 'data-testid="approve"' not in page
        assert 'data-testid="rulings"' in page

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"kind": "odd"},
            {"kind": "settle"},
            {"kind": "settle", "choice": "99999999"},
            {"kind": "settle", "choice": "9" * 30},
            {"kind": "send_back", "comment": " "},
            {"kind": "approve"},
        ],
    )
    def test_a_ruling_without_sense_is_refused(self, said, browse, reviewer, sent):
        assert browse(reviewer).post(f"/queries/{said.query.pk}/ruling/", sent).status_code == 400
        assert not Ruling.objects.exists()

    def test_another_block_can_be_chosen(self, said, browse, reviewer):
        other = factories.item(name="other.stl")
        address = f"/batches/{said.batch.pk}/second/{said.query.pk}/"
        for word, there in ((str(other.pk), True), ("x", False), ("9" * 30, False), ("999999", False)):
            page = browse(reviewer).get(address, {"item": word}).content.decode()
            assert ("other.stl" in page) is there
