"""A candidate laid over the picture: found in its place, shown in four ways, answered with."""

import pytest
from playwright.sync_api import expect

from tests import people

pytestmark = pytest.mark.browser


@pytest.fixture
def card(laid, window):
    """The review's page, at a print with its five candidates."""
    page = window(people.owner())
    page.goto(laid.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    return page


def laid_over(page, rank: int):
    panel = page.get_by_test_id("overlay")
    expect(panel).to_have_attribute("data-rank", str(rank))
    expect(panel).to_have_attribute("data-ready", "true")
    return panel


def test_the_right_candidate_meets_the_picture_best(card):
    page = card
    page.keyboard.press("o")
    scores = {}
    for rank in range(1, 6):
        if rank > 1:
            page.keyboard.press(str(rank))
        scores[rank] = float(laid_over(page, rank).get_attribute("data-score"))
    assert max(scores, key=scores.get) == 1, scores
    assert scores[1] > 0.9
    assert page.complaints == []


def test_ways_change_by_key_and_by_button(card):
    page = card
    page.keyboard.press("o")
    panel, canvas = laid_over(page, 1), page.get_by_test_id("overlay-canvas")
    seen = {}
    for mode in ["blink", "fade", "difference", "edge"]:
        expect(panel).to_have_attribute("data-mode", mode)
        expect(canvas).to_have_attribute("data-painted", mode)
        seen[mode] = canvas.screenshot()
        page.keyboard.press("b")
    assert len(set(seen.values())) == 4
    page.get_by_role("button", name="Fade").click()
    expect(panel).to_have_attribute("data-mode", "fade")
    page.reload()
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    page.keyboard.press("o")
    expect(panel).to_have_attribute("data-mode", "fade")
    assert page.complaints == []


def test_its_number_again_answers_and_the_overlay_stays_for_the_next(card):
    page = card
    review = page.get_by_test_id("review")
    first = review.get_attribute("data-query")
    page.keyboard.press("o")
    laid_over(page, 1)
    page.keyboard.press("3")
    laid_over(page, 3)
    expect(review).to_have_attribute("data-query", first)
    page.wait_for_timeout(300)  # the same number at once is one press
    page.keyboard.press("3")
    expect(review).not_to_have_attribute("data-query", first)
    laid_over(page, 1)
    page.keyboard.press("ArrowLeft")
    laid_over(page, 5)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("review-progress")).to_have_attribute("data-answered", "2")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("overlay")).to_be_hidden()
    expect(page.get_by_test_id("query-image").locator("img")).to_be_visible()
    assert page.complaints == []


def test_held_down_it_is_a_peek(card):
    page = card
    page.keyboard.down("o")
    laid_over(page, 1)
    page.wait_for_timeout(400)
    page.keyboard.up("o")
    expect(page.get_by_test_id("overlay")).to_be_hidden()
    page.keyboard.press("o")
    page.wait_for_timeout(400)
    laid_over(page, 1)


def test_space_stops_the_blinking_and_turns_it_by_hand(card):
    page = card
    page.keyboard.press("o")
    laid_over(page, 1)
    canvas = page.get_by_test_id("overlay-canvas")
    page.keyboard.press("Space")
    before = canvas.get_attribute("data-turn")
    page.wait_for_timeout(900)
    expect(canvas).to_have_attribute("data-turn", before)
    page.keyboard.press("Space")
    expect(canvas).not_to_have_attribute("data-turn", before)


def test_nothing_blinks_by_itself_for_who_asked_for_stillness(laid, window):
    page = window(people.owner(), reduced_motion="reduce")
    page.goto(laid.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    page.keyboard.press("o")
    laid_over(page, 1)
    page.wait_for_timeout(900)
    expect(page.get_by_test_id("overlay-canvas")).to_have_attribute("data-turn", "print")


def test_rings_show_where_two_close_candidates_differ(laid, window):
    laid.queries[0].suggestions.filter(rank=2).update(confidence=0.8)
    page = window(people.owner())
    page.goto(laid.page)
    page.keyboard.press("o")
    laid_over(page, 1)
    rings = page.locator(".overlay-rings")
    expect(rings).to_have_count(2)
    expect(page.get_by_test_id("overlay-said")).to_contain_text("1 and 2 differ in")
    expect(page.get_by_test_id("overlay-said")).to_contain_text("there the picture is like 1")
    page.keyboard.press("e")
    expect(rings).to_have_count(0)
    expect(page.get_by_test_id("overlay-differ")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("overlay")).to_have_attribute("data-mode", "fade")


def test_a_lost_picture_is_said(laid, window):
    page = window(people.owner())
    page.route("**/print.png", lambda route: route.abort())
    page.goto(laid.page)
    page.keyboard.press("o")
    expect(page.get_by_test_id("overlay-said")).to_contain_text("could not be loaded")


def test_without_a_worker_the_page_registers_by_itself(laid, window):
    page = window(people.owner())
    page.route("**/overlay-worker.js", lambda route: route.abort())
    page.goto(laid.page)
    page.keyboard.press("o")
    laid_over(page, 1)
