"""Many people and bad luck at the review page: leases, lost networks, stale cards, deleted things."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.client import until
from tests.browser.light.review.reviewing import Sitting
from tests.desk import desk
from webapp.core.files.blobs import blob_path
from webapp.core.files.media import derived
from webapp.gallery.models import Item
from webapp.review.models import Decision, Lease
from webapp.search.models import Suggestion

pytestmark = pytest.mark.browser


@pytest.fixture
def table(live_server, owner):
    return desk(owner, queries=12)


def test_two_annotators_on_one_batch_get_different_cards(window, table, owner, teammate):
    one = Sitting(window(owner), owner).open(table)
    until(lambda: _held(owner) >= 8, what="cards are dealt ahead")
    other = Sitting(window(teammate), teammate).open(table)
    answered = {one.answer("1"), one.answer("0"), one.answer("1")}
    theirs = {other.answer("1"), other.answer("1"), other.query}
    assert not answered & theirs
    one.saved()
    other.saved()
    assert Decision.objects.count() == 5
    one.page.goto("/batches/")  # leaving gives the cards back
    until(lambda: _held(owner) == 0, what="the cards are given back")
    other.press("1")
    expect(other.review).to_have_attribute("data-query", str(table.queries[3].pk))


def test_a_dead_browser_s_cards_return(window, table, owner, teammate):
    one = Sitting(window(owner), owner).open(table)
    until(lambda: _held(owner) >= 8, what="cards are dealt ahead")
    one.page.evaluate("() => crash = null")
    Lease.objects.filter(holder=owner).update(until=timezone.now() - timedelta(seconds=1))
    other = Sitting(window(teammate), teammate).open(table)
    assert other.query == table.queries[0].pk


def test_two_tabs_of_one_person_get_different_cards(window, table, owner):
    one = Sitting(window(owner), owner).open(table)
    until(lambda: _held(owner) >= 8, what="cards are dealt ahead")
    two = one.tab()
    two.page.goto(table.page)
    expect(two.review).to_have_attribute("data-ready", "true")
    expect(two.review).not_to_have_attribute("data-query", str(one.query))
    seen = [one.answer("1"), two.answer("1"), one.answer("1"), two.answer("1")]
    one.saved()
    two.saved()
    assert len(set(seen)) == 4
    assert Decision.objects.count() == 4


def test_one_answer_in_two_tabs_counts_once(window, table, owner):
    one = Sitting(window(owner), owner).open(table)
    two = one.tab()
    two.open(table, f"?query={one.query}")
    query = one.query
    one.answer("1")
    one.saved()
    two.answer("0")
    two.saved()
    assert one.said(query).verdict == "none"  # the last word
    query = table.queries[0]
    query.refresh_from_db()
    assert query.answered
    for tab in (one, two):
        tab.page.reload()
        expect(tab.page.get_by_test_id("review-progress")).to_have_attribute("data-answered", "1")


def test_answers_wait_for_the_network_and_go_out_once(window, table, owner):
    sits = Sitting(window(owner), owner).open(table)
    until(lambda: _held(owner) >= 8, what="cards are dealt ahead")
    sits.page.context.set_offline(True)
    given = [sits.answer("1"), sits.answer("0"), sits.answer("q")]
    state = sits.page.get_by_test_id("save-state")
    expect(state).to_have_attribute("data-state", "waiting")
    expect(state).to_contain_text("3 answers kept here")
    assert not Decision.objects.exists()
    sits.press("u")  # what is not yet sent can be taken back too
    expect(sits.review).to_have_attribute("data-query", str(given[2]))
    sits.page.context.set_offline(False)
    sits.saved()
    assert [sits.said(query) and sits.said(query).verdict for query in given] == ["match", "none", None]
    assert Decision.objects.exclude(verdict="withdrawn").count() == 3


def test_answers_kept_offline_outlive_a_reload(window, table, owner):
    sits = Sitting(window(owner), owner).open(table)
    until(lambda: _held(owner) >= 8, what="cards are dealt ahead")
    sits.page.route("**/answer/**", lambda route: route.abort())
    query = sits.answer("1")
    expect(sits.page.get_by_test_id("save-state")).to_have_attribute("data-state", "waiting")
    sits.page.reload()
    expect(sits.review).to_have_attribute("data-ready", "true")
    sits.page.unroute("**/answer/**")
    sits.page.evaluate("() => dispatchEvent(new Event('online'))")
    sits.saved()
    assert sits.said(query).item == table.items[0]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("decision", ["give", "look"])
def test_a_card_that_changed_meanwhile_is_asked_about(window, table, owner, decision):
    sits = Sitting(window(owner), owner).open(table)
    query = sits.query
    fresh = factories.item(seed=500, character="新", prepared_with="a" * 64)
    Suggestion.objects.filter(query=query, rank=5).update(item=fresh)
    sits.answer("2")
    bar = sits.page.get_by_test_id("refusal")
    expect(bar).to_be_visible()
    expect(bar).to_have_attribute("data-code", "card_changed")
    expect(bar).to_contain_text("The suggestions for picture 1 changed while you were looking")
    expect(sits.page.get_by_test_id("save-state")).to_have_attribute("data-state", "refused")
    assert not Decision.objects.exists()
    sits.answer("1")  # work goes on meanwhile
    sits.page.reload()
    expect(bar).to_be_visible()  # it waits, however long
    if decision == "give":
        sits.press("y")
        sits.saved()
        assert sits.said(query).item == table.items[1]
    else:
        sits.press("l")
        expect(sits.review).to_have_attribute("data-query", str(query))
        last = sits.page.get_by_test_id("candidate").nth(4)
        expect(last).to_have_attribute("data-item", str(fresh.pk))
        sits.answer("5")
        sits.saved()
        assert sits.said(query).item == fresh
    expect(bar).to_be_hidden()
    assert Decision.objects.filter(query=query).count() == 1


def test_a_settled_card_is_said_to_be_settled(window, table, owner):
    sits = Sitting(window(owner), owner).open(table)
    query = table.queries[0]
    type(query).objects.filter(pk=query.pk).update(settled=True)
    sits.answer("1")
    bar = sits.page.get_by_test_id("refusal")
    expect(bar).to_have_attribute("data-code", "settled")
    expect(bar).to_contain_text("A reviewer has settled picture 1")
    sits.press("x")
    expect(bar).to_be_hidden()
    sits.press("ArrowLeft")
    assert sits.query == query.pk
    sits.press("2")
    assert sits.query == query.pk
    assert not Decision.objects.exists()


def test_a_deleted_query_says_so_and_loses_nothing_else(window, table, owner):
    sits = Sitting(window(owner), owner).open(table)
    query = table.queries[0]
    query.delete()
    sits.answer("1")
    bar = sits.page.get_by_test_id("refusal")
    expect(bar).to_contain_text("Picture 1 was deleted from the batch")
    second = sits.answer("1")
    sits.press("x")
    expect(bar).to_be_hidden()
    sits.saved()
    assert [row.query_id for row in Decision.objects.all()] == [second]


def test_a_query_whose_picture_is_gone_can_be_passed(window, table, owner):
    query = table.queries[0]
    shutil.rmtree(derived("queries", query.pk, "").parent / str(query.pk), ignore_errors=True)
    blob_path(query.sha256).unlink()
    sits = Sitting(window(owner), owner).open(table)
    picture = sits.page.get_by_test_id("query-image").locator("img")
    expect(picture).to_have_class("missing")
    sits.answer("1")
    bar = sits.page.get_by_test_id("refusal")
    expect(bar).to_have_attribute("data-code", "gone")
    sits.press("x")
    expect(bar).to_be_hidden()
    assert sits.query == table.queries[1].pk
    assert not Decision.objects.exists()


def test_a_block_that_is_gone_is_shown_so_and_cannot_be_chosen(window, table, owner):
    Item.objects.filter(pk=table.items[0].pk).update(state=Item.State.REJECTED)
    sits = Sitting(window(owner), owner).open(table)
    chosen = sits.page.get_by_test_id("candidate-choose").nth(0)
    expect(chosen).to_be_disabled()
    expect(chosen).to_have_accessible_description("1: deleted from the gallery, 000.stl")
    query = sits.query
    sits.press("1")
    expect(sits.page.get_by_test_id("review-note")).to_have_text(
        "Suggestion 1 was deleted from the gallery. Choose another."
    )
    sits.press("Enter")
    assert sits.query == query
    sits.answer("2")
    sits.saved()
    assert sits.said(query).item == table.items[1]


def test_a_block_deleted_while_it_was_looked_at(window, table, owner):
    sits = Sitting(window(owner), owner).open(table)
    query = sits.query
    table.items[0].delete()
    sits.answer("1")
    bar = sits.page.get_by_test_id("refusal")
    expect(bar).to_have_attribute("data-code", "item_gone")
    sits.press("l")
    expect(sits.review).to_have_attribute("data-query", str(query))
    first = sits.page.get_by_test_id("candidate").nth(0)
    expect(first).to_have_attribute("data-item", str(table.items[1].pk))  # as the card is now
    assert not Decision.objects.exists()


def _held(user) -> int:
    return Lease.objects.filter(holder=user, until__gt=timezone.now()).count()
