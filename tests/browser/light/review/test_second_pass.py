"""The reviewer's second pass, by keys alone: every ruling, the finder, the overlay, the block in 3D."""

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.desk import CHARACTERS, desk
from webapp.batches.models import Batch, Query
from webapp.gallery.models import Item
from webapp.review.answering.remarks import remark_add
from webapp.review.consensus.labels import query_label
from webapp.review.models import Decision, Ruling

pytestmark = pytest.mark.browser


@pytest.fixture
def pass_(transactional_db):
    """Nine pictures: two annotators differ on the first eight, and agree on the ninth, which has a flag."""
    made = desk(people.owner(), queries=9, items=12)
    Batch.objects.filter(pk=made.batch.pk).update(wanted=2, blind_share=0)
    queries = list(Query.objects.filter(batch=made.batch).order_by("pk"))
    for place, query in enumerate(queries):
        last = place == len(queries) - 1
        first = {"verdict": "match", "item": made.items[place]} if last else {"verdict": "none"}
        factories.answer(query=query, annotator=people.owner(), **first)
        match = {"verdict": "match", "item": made.items[place]}
        factories.answer(query=query, annotator=people.teammate(), **match)
    remark_add(query=queries[-1], annotator=people.owner(), flag=True)
    return made


@pytest.fixture
def sits(window, pass_):
    page = window(people.reviewer(), reduced_motion="reduce")
    page.goto(f"/batches/{pass_.batch.pk}/second/")
    page.get_by_test_id("second-start").press("Enter")
    yield page
    assert page.complaints == []


def card(page, *, but: int = 0) -> int:
    """Wait until a card lies there, another than ``but``; its query."""
    found = page.locator(f"[data-testid=second-card][data-ready=true]:not([data-query='{but}'])")
    expect(found).to_be_visible()
    return int(found.get_attribute("data-query"))


def move_block(page) -> None:
    """Move the first candidate on the picture, by keys."""
    page.keyboard.press("j")
    overlay = page.get_by_test_id("overlay")
    expect(overlay).to_have_attribute("data-ready", "true")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("w")
    expect(overlay).to_have_attribute("data-by", "person")
    expect(overlay).to_have_attribute("data-kind", "stored")
    page.keyboard.press("Escape")


def rule(page, *keys: str) -> int:
    """Rule on the card by keys, and wait for the next one. Returns the one that was ruled on."""
    query = card(page)
    for key in keys:
        page.keyboard.press(key)
    card(page, but=query)
    return query


def ruled(query: int) -> tuple[str, int | None, str]:
    """How it was ruled last, and by what: kind, item, reason."""
    made = Ruling.objects.filter(query=query, reviewer=people.reviewer()).latest("pk")
    return made.kind, made.decision and made.decision.item_id, made.decision.reason if made.decision else ""


def test_the_whole_pass_by_keys(sits, pass_):
    page = sits
    suggested = {query.pk: [row.item_id for row in query.suggestions.all()] for query in pass_.queries}
    card(page)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("toast")).to_contain_text("no label to approve")
    query = rule(page, "2")
    assert ruled(query) == ("settle", suggested[query][1], "")
    query = rule(page, "0")
    assert ruled(query) == ("settle", None, "")
    query = rule(page, "d")
    assert ruled(query) == ("settle", None, "damaged")
    query = rule(page, "r", "1")
    label = query_label(Query.objects.get(pk=query))
    assert (label.item_id, label.relation) == (suggested[query][0], "same_carving")

    looked_at = card(page)
    page.keyboard.press("ArrowRight")
    rest = card(page, but=looked_at)
    page.keyboard.press("ArrowLeft")
    assert card(page, but=rest) == looked_at
    page.keyboard.press("t")
    page.keyboard.insert_text("nét rõ")
    page.keyboard.press("Escape")
    query = rule(page, "1")
    assert Ruling.objects.get(query=query).comment == "nét rõ"
    page.keyboard.press("u")  # what was ruled on last can be looked at again, and ruled on anew
    expect(page.get_by_test_id("second-state")).to_have_text("settled")
    assert card(page) == query
    page.keyboard.press("3")
    card(page, but=query)
    assert ruled(query) == ("settle", suggested[query][2], "")

    query = card(page)
    page.keyboard.press("b")
    page.keyboard.press("Control+Enter")  # not without a word
    expect(page.get_by_test_id("second-comment")).to_be_focused()
    page.keyboard.insert_text("nhìn bên trái")
    page.keyboard.press("Control+Enter")
    card(page, but=query)
    assert ruled(query) == ("send_back", None, "")


def test_any_block_of_the_gallery_is_found_by_keys(sits, pass_):
    page = sits
    query = card(page)
    page.keyboard.press("f")
    expect(page.get_by_test_id("find-typed")).to_be_focused()
    other = Item.objects.get(pk=pass_.items[11].pk)
    assert other.pk not in Query.objects.get(pk=query).suggestions.values_list("item", flat=True)
    page.keyboard.insert_text(CHARACTERS[11])
    expect(page.get_by_test_id("find-item")).to_have_count(1)
    page.keyboard.press("Enter")
    card(page, but=query)
    assert ruled(query) == ("settle", other.pk, "")


def test_a_flag_comes_down_and_what_all_agree_on_is_approved(sits, pass_):
    page, flagged = sits, pass_.queries[-1].pk
    card(page)
    page.goto(f"/batches/{pass_.batch.pk}/second/{flagged}/?why=flagged")
    card(page)
    page.keyboard.press("!")
    expect(page.get_by_test_id("flag-lower")).to_have_count(0)
    assert not Ruling.objects.exists()
    assert card(page) == flagged
    page.keyboard.press("Enter")
    page.wait_for_url("**/second/?why=flagged&back=*")
    assert ruled(flagged) == ("approve", pass_.items[8].pk, "")
    expect(page.get_by_test_id("second-back")).to_be_visible()


def test_overlay_and_block_open_by_their_keys_and_a_bounce_rules_once(sits, pass_):
    page = sits
    query = card(page)
    page.keyboard.press("o")
    overlay = page.get_by_test_id("overlay")
    expect(overlay).to_have_attribute("data-ready", "true")
    page.keyboard.press("ArrowRight")
    expect(overlay).to_have_attribute("data-rank", "2")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.get_by_test_id("viewer-canvas")).to_have_attribute("data-ready", "true", timeout=60_000)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys-row").filter(has_text="send back")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("1")
    assert card(page, but=query) != query
    assert Ruling.objects.count() == Decision.objects.filter(settles=True).count() == 1


def test_a_block_is_moved_by_keys_and_settled_where_it_lies(sits, pass_):
    page = sits
    query = card(page)
    move_block(page)
    rule(page, "1")
    assert Ruling.objects.get(query=query).decision.fit["by"] == "person"
    query = rule(page, "1")
    assert Ruling.objects.get(query=query).decision.fit is None  # nobody laid it, nobody moved it
    agreed = pass_.queries[-1]
    item = agreed.suggestions.get(rank=1).item
    for person in (people.owner(), people.teammate()):
        factories.answer(query=agreed, annotator=person, verdict="match", item=item)
    page.goto(f"/batches/{pass_.batch.pk}/second/{agreed.pk}/")
    card(page)
    move_block(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("overlay")).to_be_hidden()
    page.keyboard.press("Enter")
    card(page, but=agreed.pk)
    approved = Ruling.objects.get(query=agreed)
    assert (approved.kind, approved.decision.item) == ("approve", item)
    assert approved.decision.fit["by"] == "person"
