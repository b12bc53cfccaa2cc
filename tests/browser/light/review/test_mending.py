"""The overlay shows the place that the search found; it is mended by keys, saved at once, and stays."""

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.browser.light.review.reviewing import Sitting
from webapp.search.fits import Fit
from webapp.search.models import Suggestion

pytestmark = pytest.mark.browser
LAID = "0.8000 0.0000 0.0000 0.8000 0.1000 -0.0500"  # of factories.fit(), the print read as on paper


@pytest.fixture
def fitted(laid):
    """All suggestions but the fifth were laid over their pictures."""
    Suggestion.objects.exclude(rank=5).update(fit=factories.fit().stored(), proposed="same_carving")
    return laid


@pytest.fixture
def sitting(fitted, window):
    return Sitting(window(people.owner()), people.owner()).open(fitted)


def overlay(page, by, rank=1):
    panel = page.get_by_test_id("overlay")
    expect(panel).to_have_attribute("data-rank", str(rank))
    expect(panel).to_have_attribute("data-ready", "true")
    expect(panel).to_have_attribute("data-by", by)
    return panel


def test_the_overlay_shows_the_place_that_is_stored_and_says_whose_it_is(sitting):
    page = sitting.page
    sitting.press("o")
    expect(overlay(page, "worker")).to_have_attribute("data-place", LAID)
    expect(page.get_by_test_id("overlay-said")).to_contain_text("placed by the search")
    sitting.press("5")
    overlay(page, "browser", 5)
    expect(page.get_by_test_id("overlay-said")).to_contain_text("placed by this browser")
    assert page.complaints == []


def test_it_is_moved_by_keys_and_goes_with_the_answer(sitting):
    page = sitting.page
    sitting.press("o")
    overlay(page, "worker")
    sitting.press("j", "ArrowRight", "w")
    panel = overlay(page, "person")
    expect(panel).to_have_attribute("data-place", "0.8080 0.0000 0.0000 0.8000 0.1100 -0.0500")
    expect(page.get_by_test_id("overlay-said")).to_contain_text("placed by hand")
    sitting.press("Escape")
    expect(panel).to_have_attribute("data-mending", "false")
    first = sitting.answer("Enter")
    sitting.saved()
    fit = Fit.of(sitting.said(first).fit)
    assert fit.by == "person"
    assert fit.transform == pytest.approx((-0.808, 0, 0.11, 0, 0.8, -0.05))
    assert fit.residual is not None
    sitting.press("u")  # what was done by hand is not lost with the answer
    sitting.saved()
    assert sitting.said(first) is None
    sitting.answer("Enter")
    sitting.saved()
    assert Fit.of(sitting.said(first).fit) == fit
    assert page.complaints == []


def test_an_answer_is_mended_at_once_and_a_reload_shows_it(sitting, fitted):
    page = sitting.page
    first = sitting.answer("Enter")
    sitting.saved()
    assert sitting.said(first).fit["by"] == "worker"
    sitting.press("ArrowLeft", "j")
    overlay(page, "worker")
    sitting.press(".", "-")
    overlay(page, "person")
    page.wait_for_timeout(700)  # a rest after the last move
    sitting.saved()
    assert sitting.said(first).fit["by"] == "person"
    place = page.get_by_test_id("overlay").get_attribute("data-place")
    page.reload()
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    page.keyboard.press("o")
    overlay(page, "person")
    assert page.get_by_test_id("overlay").get_attribute("data-place").split()[0][:6] == place.split()[0][:6]


def test_moves_are_undone_and_it_snaps_again(sitting):
    page = sitting.page
    sitting.press("j")
    overlay(page, "worker")
    sitting.press("s")
    panel = overlay(page, "person")
    expect(panel).not_to_have_attribute("data-place", LAID)
    sitting.press("u")
    expect(overlay(page, "worker")).to_have_attribute("data-place", LAID)
    first = sitting.answer("1")
    sitting.saved()
    assert sitting.said(first).fit == factories.fit().stored()


def test_the_list_of_keys_has_them(sitting):
    sitting.press("?")
    rows = sitting.page.get_by_test_id("keys-row")
    expect(rows.filter(has_text="move the overlaid block by hand")).to_be_visible()
    pushing = rows.filter(has_text="while moving: push")
    expect(pushing).to_be_visible()
    expect(pushing.get_by_test_id("keys-change")).to_be_hidden()
