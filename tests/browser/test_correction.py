"""When none of the five is right: found by hand, kept, shown again, undone. And all of it in Vietnamese."""

import pytest
from playwright.sync_api import expect

from tests import meshes, pictures
from tests.browser.client import until

# A page is the same on either database: test_api_journey.py asks both for all that it shows.
pytestmark = [pytest.mark.browser, pytest.mark.installation("embedded")]
COMPATIBLE, UNIFIED = "\uf900", "\u8c48"  # look alike, and are two characters
WAIT = 90_000  # milliseconds


@pytest.fixture
def batch(stack, gallery):
    """Three prints with their suggestions."""
    client = stack.client()
    files = [(f"{seed}.png", pictures.png(seed)) for seed in (1, 2, 3)]
    batch = client.send("/api/v1/batches/", files, {"name": "to be corrected"}).json["id"]
    until(
        lambda: client.get(f"/api/v1/batches/{batch}/").json["done"] == 3, within=90, what="all are matched"
    )
    return batch


@pytest.fixture
def block(stack, batch):
    """A block that came after the prints were matched, so that it is none of the five."""
    client = stack.client()
    [item] = client.send("/api/v1/items/", [("by hand.stl", meshes.block(77))]).json["items"]
    found = f"/api/v1/items/{item['id']}/"
    until(lambda: client.get(found).json["state"] == "ready", within=90, what="the block is ready")
    client.ask("PATCH", found, b'{"codepoint": "U+F900"}', "application/json")
    return item["id"]


@pytest.fixture
def review(logged_in, batch):
    """The review's page at its first print."""
    logged_in.goto(f"/batches/{batch}/review/")
    expect(logged_in.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    return logged_in


def saved(page):
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")


def test_a_block_is_found_by_hand_kept_and_undone(review, stack, batch, block):
    page, client = review, stack.client()
    query = page.get_by_test_id("review").get_attribute("data-query")
    result = f"/api/v1/queries/{query}/"
    page.keyboard.press("f")
    _type_with_an_input_method(page)
    expect(page.get_by_test_id("find-item")).to_have_count(1)
    expect(page.get_by_test_id("find-item")).to_have_attribute("data-item", str(block))
    page.get_by_test_id("find-typed").fill(UNIFIED)
    expect(page.get_by_test_id("find-item")).to_have_count(0)
    page.get_by_test_id("find-typed").fill("u+f900")
    expect(page.get_by_test_id("find-item")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("review")).not_to_have_attribute("data-query", query)
    saved(page)
    assert client.get(result).json["decision"]["item"] == block

    page.goto(f"/batches/{batch}/review/?query={query}")
    found = page.get_by_test_id("found")
    expect(found).to_be_visible()
    expect(found).to_have_attribute("data-item", str(block))
    page.keyboard.press("r")
    expect(page.get_by_test_id("relation")).to_have_attribute("data-relation", "same_carving")
    saved(page)
    until(lambda: client.get(result).json["decision"]["relation"] == "same_carving", what="it is saved")
    page.goto(f"/batches/{batch}/")
    expect(page.get_by_test_id("query-answer")).to_have_attribute("data-item", str(block))

    page.goto(f"/batches/{batch}/review/?query={query}")
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    page.keyboard.press("u")
    until(lambda: client.get(result).json["decision"]["relation"] == "", what="the relation is taken back")
    page.wait_for_timeout(150)  # the same key again at once is one press
    page.keyboard.press("u")
    until(lambda: client.get(result).json["decision"] is None, what="the answer is taken back")
    expect(found).to_be_hidden()
    assert page.complaints == []


def _type_with_an_input_method(page):
    """Compose a character out of keys that would answer, were they not composed with."""
    expect(page.get_by_test_id("find-typed")).to_be_focused()
    expect(page.get_by_test_id("find-item")).to_have_count(8)  # what comes after the five
    keyboard = page.context.new_cdp_session(page)
    for composed in ("1", "10", "10u"):
        at = len(composed)
        keyboard.send("Input.imeSetComposition", {"text": composed, "selectionStart": at, "selectionEnd": at})
    page.wait_for_timeout(400)
    expect(page.get_by_test_id("find-item")).to_have_count(8)  # what is composed is not looked for yet
    keyboard.send("Input.insertText", {"text": COMPATIBLE})
    expect(page.get_by_test_id("find-typed")).to_have_value(COMPATIBLE)
    expect(page.get_by_test_id("review-progress")).to_have_attribute("data-answered", "0")


def test_the_review_speaks_vietnamese(review):
    page = review
    page.get_by_test_id("account-menu").locator("summary").click()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    expect(page.get_by_test_id("review-progress")).to_contain_text("đã trả lời 0/3")
    expect(page.get_by_test_id("relation")).to_contain_text("Các cặp sau: chưa đặt")
    page.keyboard.press("f")
    page.get_by_test_id("find-typed").fill("không có tên này")
    expect(page.get_by_test_id("find-said")).to_have_text("Không có mộc bản nào trong kho phù hợp.")
    assert page.complaints == []
