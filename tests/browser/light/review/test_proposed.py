"""The relation that the search proposes: recorded by the key that answers, and changed by another."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.light.review.reviewing import Sitting
from webapp.batches.models import Batch
from webapp.search.models import Suggestion

pytestmark = pytest.mark.browser


@pytest.fixture
def proposed(laid):
    """The first suggestion of each print seems to be its very carving, the others other blocks."""
    Suggestion.objects.update(proposed="same_character", proposed_probability=0.99)
    Suggestion.objects.filter(rank=1).update(proposed="same_carving", proposed_probability=0.97)
    return laid


@pytest.fixture
def sitting(proposed, window):
    return Sitting(window(people.owner()), people.owner()).open(proposed)


def shown_relation(page):
    return page.get_by_test_id("relation")


def test_one_key_records_what_is_proposed(sitting):
    page = sitting.page
    expect(shown_relation(page)).to_have_attribute("data-of", "proposed")
    expect(shown_relation(page)).to_contain_text("Proposed: same carving")
    expect(page.get_by_test_id("candidate-proposed").first).to_have_text("same carving?")
    first = sitting.answer("Enter")
    second = sitting.answer("2")
    sitting.saved()
    one, other = sitting.said(first), sitting.said(second)
    assert (one.relation, one.proposed) == ("same_carving", "same_carving")
    assert (other.relation, other.proposed) == ("same_character", "same_character")
    assert page.complaints == []


def test_the_words_move_nothing(sitting):
    """They lie on the print's lower edge: pictures keep their size, one below the other."""
    card = sitting.page.get_by_test_id("candidate").first
    thumb, print_ = (card.locator(name).bounding_box() for name in (".candidate-thumb", ".candidate-print"))
    words = card.get_by_test_id("candidate-proposed").bounding_box()
    assert thumb["height"] == pytest.approx(thumb["width"], abs=2)
    assert print_["width"] == pytest.approx(thumb["width"], abs=1)
    assert print_["y"] > thumb["y"] + thumb["height"]
    assert print_["y"] < words["y"] < print_["y"] + print_["height"]


def test_another_key_changes_it_for_this_card_alone(sitting):
    page = sitting.page
    sitting.press("r")
    expect(shown_relation(page)).to_contain_text("On this card: same character on another block")
    first = sitting.answer("1")
    expect(shown_relation(page)).to_contain_text("Proposed: same carving")
    sitting.saved()
    said = sitting.said(first)
    assert (said.relation, said.proposed) == ("same_character", "same_carving")


def test_an_answer_that_took_it_is_changed_by_the_same_key(sitting):
    first = sitting.answer("Enter")
    sitting.press("ArrowLeft")
    expect(shown_relation(sitting.page)).to_contain_text("This match: same carving")
    sitting.press("r")
    expect(shown_relation(sitting.page)).to_contain_text("This match: same character on another block")
    sitting.saved()
    assert sitting.said(first).relation == "same_character"


def test_a_blind_card_proposes_nothing(proposed, window):
    Batch.objects.update(blind_share=100)
    sitting = Sitting(window(people.owner()), people.owner()).open(proposed)
    expect(sitting.page.get_by_test_id("candidate-proposed").first).to_be_hidden()
    expect(shown_relation(sitting.page)).to_contain_text("Next matches: not set")
    first = sitting.answer("3")
    sitting.saved()
    assert (sitting.said(first).relation, sitting.said(first).proposed) == ("", "")
