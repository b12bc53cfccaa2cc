"""Blind cards: in no order, and answered by a choice alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.light.review.reviewing import Sitting
from tests.desk import desk
from webapp.review.models import Decision

pytestmark = pytest.mark.browser


@pytest.fixture
def blind(live_server, owner):
    made = desk(owner, queries=4)
    made.batch.blind_share = 100
    made.batch.save()
    return made


def test_enter_and_space_choose_nothing(window, owner, blind):
    page = window(owner)
    sits = Sitting(page, owner).open(blind)
    first = sits.query
    expect(page.get_by_test_id("card-blind")).to_be_visible()
    sits.press("Enter", " ")
    expect(page.locator("p", has_text="choose one by its number").first).to_be_visible()
    assert sits.query == first
    page.get_by_test_id("candidate-choose").nth(2).click()
    expect(page.locator(f"main[data-ready=true]:not([data-query='{first}'])")).to_be_visible()
    second = sits.query
    sits.press("Enter", " ")  # the button that was clicked is not pressed again
    assert sits.query == second
    sits.press("m", "2", "Enter")  # what is marked is chosen
    expect(page.locator(f"main[data-ready=true]:not([data-query='{second}'])")).to_be_visible()
    sits.saved()
    assert set(Decision.objects.values_list("query", "blind")) == {(first, True), (second, True)}
    assert page.complaints == []


def test_a_card_with_its_ranking_in_sight_looks_otherwise(window, owner, blind):
    blind.batch.blind_share = 0
    blind.batch.save()
    page = window(owner)
    sits = Sitting(page, owner).open(blind)
    expect(page.get_by_test_id("card-blind")).to_be_hidden()
    first = sits.answer("Enter")
    sits.saved()
    assert sits.said(first).verdict == "match"
    assert page.complaints == []
