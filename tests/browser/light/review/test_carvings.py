"""Forty carvings of one character: the very one first, proposed, and the others paged through by one key."""

import shutil

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.browser.light.review.reviewing import Sitting
from webapp.batches.models import Batch
from webapp.core.files.media import derived
from webapp.gallery.models import Item
from webapp.search.hits import Hit, Registered
from webapp.search.models import SecondStage
from webapp.search.services import suggestions_replace

pytestmark = pytest.mark.browser


def carving(seed, like):
    """A block that looks like another."""
    item = factories.item(seed=seed, character="佛", prepared_with="a" * 64)
    folder = derived("items", like.pk, "print.png").parent
    shutil.copytree(folder, derived("items", item.pk, "print.png").parent, dirs_exist_ok=True)
    return item


@pytest.fixture
def carved(laid):
    """Forty carvings of one character, laid over the first print, the very one first."""
    Item.objects.update(character="佛")
    others = [carving(100 + n, laid.items[n % 6]) for n in range(40 - len(laid.items))]
    hits = [
        Hit(
            item_id=item.pk,
            distance=0.1,
            confidence=0.9 / (1 + place),
            mirrored=True,
            fit=factories.fit(agreement=0.9 - 0.01 * place),
            proposed="same_carving" if place == 0 else "same_character",
            proposed_probability=0.97,
        )
        for place, item in enumerate([*laid.items, *others])
    ]
    registered = Registered(SecondStage.DONE, hits[5:])
    for query in laid.queries:
        suggestions_replace(query=query, release=factories.release(), hits=hits[:5], registered=registered)
    return laid


@pytest.fixture
def sitting(carved, window):
    return Sitting(window(people.owner()), people.owner()).open(carved)


def items_shown(page):
    return [int(one.get_attribute("data-item")) for one in page.get_by_test_id("candidate").all()]


def test_the_first_is_proposed_accepted_by_one_key_and_changed_by_another(sitting, carved):
    page = sitting.page
    expect(page.get_by_test_id("candidate-proposed").first).to_have_text("same carving?")
    expect(page.get_by_test_id("review-note")).to_contain_text("35 more carvings")
    first = sitting.answer("Enter")
    sitting.saved()
    said = sitting.said(first)
    assert (said.item, said.relation, said.proposed) == (carved.items[0], "same_carving", "same_carving")
    assert said.fit["by"] == "worker"
    sitting.press("ArrowLeft", "r")
    sitting.saved()
    assert sitting.said(first).relation == "same_character"
    assert page.complaints == []


def test_one_key_pages_through_the_others_in_order_of_fit(sitting, carved):
    page = sitting.page
    before = items_shown(page)
    kept = [one[0] for one in SecondStage.objects.get(query=sitting.query).carvings]
    sitting.press("k")
    expect(page.get_by_test_id("candidate").first).to_have_attribute("data-item", str(kept[0]))
    assert items_shown(page) == kept[:5]
    expect(page.locator(".overlay-glance").first).to_be_attached()
    for place in range(1, 7):
        sitting.press("k")
        expect(page.get_by_test_id("candidate").first).to_have_attribute("data-item", str(kept[5 * place]))
    sitting.press("k")
    expect(page.get_by_test_id("candidate").first).to_have_attribute("data-item", str(before[0]))


def test_one_beyond_the_five_is_chosen_with_its_place(sitting):
    page = sitting.page
    kept = SecondStage.objects.get(query=sitting.query).carvings
    sitting.press("k")
    expect(page.get_by_test_id("candidate").nth(1)).to_have_attribute("data-item", str(kept[1][0]))
    first = sitting.answer("2")
    sitting.saved()
    said = sitting.said(first)
    assert (said.item_id, said.relation, said.fit["by"]) == (kept[1][0], "same_character", "worker")
    sitting.press("ArrowLeft")
    expect(page.get_by_test_id("found")).to_be_visible()
    assert page.complaints == []


def test_a_blind_card_has_the_five_alone(carved, window):
    Batch.objects.update(blind_share=100)
    sitting = Sitting(window(people.owner()), people.owner()).open(carved)
    before = items_shown(sitting.page)
    sitting.press("k")
    assert items_shown(sitting.page) == before
    assert sitting.page.get_by_test_id("review-note").text_content() == ""
