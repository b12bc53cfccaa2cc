"""Finding a block by hand, by keys alone: reading, radical, component, more like this, page after page."""

import numpy as np
import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests import factories
from tests.browser.light.review.reviewing import Sitting
from tests.desk import desk
from webapp.batches.models import Query
from webapp.gallery.models import Item, ItemVector
from webapp.search.models import Nearest
from webapp.search.nearest import nearest_store, newest_vector

pytestmark = pytest.mark.browser
COMPATIBLE, UNIFIED = "\uf900", "\u8c48"  # look alike, and are two characters
A_PAGE = 8


def direction(place: int) -> bytes:
    """A vector that turns a little further away with each place."""
    angle = 0.05 * place
    return np.array([np.cos(angle), np.sin(angle), 0, 0], "<f4").tobytes()


@pytest.fixture
def table(live_server, owner):
    """Thirty blocks, each a little less like every print than the one before."""
    made = desk(owner, queries=3, items=30)
    model = factories.release().model
    Query.objects.update(vector=direction(0), vector_model=model)
    ItemVector.objects.bulk_create(
        ItemVector(item=item, model=model, mirrored=True, vector=direction(place + 1))
        for place, item in enumerate(made.items)
    )
    for place, character in ((20, "海"), (21, "海\ufe00"), (22, COMPATIBLE), (23, UNIFIED), (24, "悔")):
        Item.objects.filter(pk=made.items[place].pk).update(character=character)
    return made


@pytest.fixture
def sits(window, owner, table):
    page = window(owner)
    yield Sitting(page, owner).open(table)
    assert page.complaints == []


@pytest.fixture
def finds(sits, table):
    """The dialog, opened by its key; ``finds(places)``: waits until it shows these blocks, in this order."""
    sits.press("f")
    expect(sits.page.get_by_test_id("find-typed")).to_be_focused()

    def shows(places):
        rows = sits.page.get_by_test_id("find-item")
        expect(rows).to_have_count(len(places))
        for row, place in enumerate(places):
            expect(rows.nth(row)).to_have_attribute("data-item", str(table.items[place].pk))

    return shows


def type_in(page, text):
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_page_after_page_beyond_the_five(sits, finds, table):
    page = sits.page
    finds(range(5, 5 + A_PAGE))
    expect(page.get_by_test_id("find-why").first).to_have_text("6.")
    page.keyboard.press("PageDown")
    finds(range(5 + A_PAGE, 5 + 2 * A_PAGE))
    page.keyboard.press("ArrowDown")  # to the list, where letters are commands
    expect(page.get_by_test_id("find-list")).to_be_focused()
    page.keyboard.press("n")
    finds(range(5 + 2 * A_PAGE, 5 + 3 * A_PAGE))
    page.keyboard.press("p")
    finds(range(5 + A_PAGE, 5 + 2 * A_PAGE))
    page.keyboard.press("ArrowDown")
    query = sits.query
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("find")).to_be_hidden()
    sits.saved()
    assert sits.said(query).item == table.items[5 + A_PAGE + 1]


def test_a_reading_finds_and_chooses(sits, finds, table):
    type_in(sits.page, "hải")
    finds([20, 21])  # the form with a selector is read the same, and stays another character
    expect(sits.page.get_by_test_id("find-why").first).to_have_text("reading hải (Sino-Vietnamese)")
    query = sits.query
    sits.page.keyboard.press("Enter")
    sits.saved()
    assert sits.said(query).item.character == "海"


def test_without_diacritics_it_is_a_looser_match(sits, finds):
    type_in(sits.page, "hoi")
    finds([20, 21, 24])  # 海 is read hởi, 悔 hổi: the nearest first
    expect(sits.page.get_by_test_id("find-why").first).to_contain_text("other tone marks")


def test_nothing_is_chosen_unseen(sits, finds):
    finds(range(5, 5 + A_PAGE))
    sits.page.keyboard.press("Enter")  # with nothing typed
    expect(sits.page.get_by_test_id("find")).to_be_visible()
    expect(sits.page.get_by_test_id("find-list")).to_be_focused()


def test_components_find_characters(sits, finds):
    type_in(sits.page, "氵 每")
    finds([20, 21])
    type_in(sits.page, "⿰忄每")
    finds([24])
    expect(sits.page.get_by_test_id("find-item")).to_have_attribute("data-reason", "description")


def test_a_radical_is_chosen_by_its_strokes(sits, finds):
    page = sits.page
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("find-radical")).to_be_focused()
    page.keyboard.press("Enter")
    tabs = page.get_by_role("tab")
    expect(tabs.first).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="4 strokes", exact=True)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Radical 61")).to_be_focused()
    page.keyboard.press("Escape")  # back to the button, and the dialog stays
    expect(page.get_by_test_id("find-radical")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Radical 114")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("find-typed")).to_have_value("r61")
    finds([24])
    type_in(page, "r85+7")
    finds([20, 21])


def test_more_like_a_block_and_back_to_the_print(sits, finds, table):
    page = sits.page
    type_in(page, "海")
    finds([20])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("l")
    asker = page.get_by_test_id("find-asker")
    expect(asker).to_be_visible()
    found = [int(row.get_attribute("data-item")) for row in _rows(page)]
    places = [[item.pk for item in table.items].index(pk) for pk in found]
    assert [abs(place - 20) for place in places] == [1, 1, 2, 2, 3, 3, 4, 4]
    page.keyboard.press("Backspace")
    expect(asker).to_be_hidden()
    finds(range(5, 5 + A_PAGE))


def _rows(page):
    expect(page.get_by_test_id("find-item")).to_have_count(A_PAGE)
    return page.get_by_test_id("find-item").all()


def test_more_like_a_candidate_of_the_card(sits, table):
    page = sits.page
    page.get_by_test_id("candidate-choose").nth(2).focus()
    sits.press("a")
    expect(page.get_by_test_id("find-asker")).to_contain_text(table.items[2].name)
    for row in _rows(page):
        assert row.get_attribute("data-item") != str(table.items[2].pk)
    page.keyboard.press("Escape")
    page.get_by_test_id("candidate-like").first.click()
    expect(page.get_by_test_id("find-asker")).to_contain_text(table.items[0].name)


def test_another_way_to_write_it_is_one_key_away(sits, finds):
    page = sits.page
    type_in(page, COMPATIBLE)
    finds([22])
    other = page.get_by_test_id("find-elsewhere")
    expect(other).to_have_attribute("data-character", UNIFIED)
    other.press("Enter")
    finds([23])
    expect(page.get_by_test_id("find-typed")).to_have_value(UNIFIED)


def test_while_an_input_method_composes_its_keys_are_its_own(sits, finds):
    page = sits.page
    finds(range(5, 5 + A_PAGE))
    keyboard = page.context.new_cdp_session(page)
    for composed in ("l", "ln", "ln1"):
        at = len(composed)
        words = {"text": composed, "selectionStart": at, "selectionEnd": at}
        keyboard.send("Input.imeSetComposition", words)
    page.wait_for_timeout(400)
    finds(range(5, 5 + A_PAGE))  # what is composed is not looked for yet
    expect(page.get_by_test_id("find-asker")).to_be_hidden()
    keyboard.send("Input.insertText", {"text": "海"})
    finds([20])
    expect(page.get_by_test_id("find-typed")).to_have_value("海")


def test_the_dialog_keeps_nobody_out_whatever_it_shows(window, owner, table):
    page = window(owner, bypass_csp=True, reduced_motion="reduce")
    Sitting(page, owner).open(table).press("f")
    page.evaluate((settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text())
    steps = {
        8: lambda: None,
        1: lambda: type_in(page, COMPATIBLE),
        2: lambda: type_in(page, "r85+7"),
        0: lambda: type_in(page, "nothing of the kind"),
    }
    for count, act in steps.items():
        act()
        expect(page.get_by_test_id("find-item")).to_have_count(count)
        assert _grave(page) == []
    page.get_by_test_id("find-radical").click()
    expect(page.get_by_test_id("find-radical-choice")).not_to_have_count(0)
    assert _grave(page) == []


def _grave(page):
    """In the light and in the dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


class TestALargeGallery:
    """One that the web server does not compare by itself."""

    @pytest.fixture(autouse=True)
    def large(self, monkeypatch):
        monkeypatch.setattr("webapp.search.candidates.MOST_COMPARED", 10)
        monkeypatch.setattr("webapp.jobs.services.notify_worker", lambda job_id, queue: True)

    def test_the_page_waits_for_the_worker_and_shows_its_order(self, sits, table):
        page = sits.page
        sits.press("f")
        dialog = page.get_by_test_id("find")
        expect(dialog).to_have_attribute("data-order", "coming")
        expect(page.get_by_test_id("find-said")).to_have_text("Comparing with the gallery …")
        order = table.items[::-1]
        nearest_store(
            pk=Nearest.objects.get(query=sits.query).pk,
            model=factories.release().model,
            newest=newest_vector(factories.release().model),
            items=np.array([item.pk for item in order], "<u4").tobytes(),
            distances=np.linspace(0.1, 0.9, len(order), dtype="<f4").tobytes(),
        )
        expect(dialog).to_have_attribute("data-order", "whole")
        expect(page.get_by_test_id("find-item").first).to_have_attribute("data-item", str(order[0].pk))
        type_in(page, ".stl")
        expect(page.get_by_test_id("find-said")).to_have_text("30 blocks match, most similar first.")
        expect(page.get_by_test_id("find-item").first).to_have_attribute("data-item", str(order[0].pk))

    def test_without_a_worker_it_says_so_and_still_finds(self, sits, table):
        page = sits.page
        sits.press("f")
        expect(page.get_by_test_id("find")).to_have_attribute("data-order", "silent", timeout=15_000)
        expect(page.get_by_test_id("find-said")).to_contain_text("No worker responds")
        type_in(page, "hải")
        expect(page.get_by_test_id("find-item")).to_have_count(2)
        type_in(page, ".stl")
        expect(page.get_by_test_id("find-said")).to_contain_text("only 10 of them are sorted")
        sits.page.keyboard.press("Escape")
