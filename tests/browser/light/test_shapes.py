"""Pictures that are no squares are seen whole, wherever they are shown."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import people
from tests.desk import desk
from webapp.core.files.media import derived
from webapp.review.answering.remarks import remark_add

pytestmark = pytest.mark.browser

CUT_OFF = """(address) => [...document.images]
    .filter((image) => image.src.includes(address) && image.offsetParent)
    .flatMap((image) => {
      const own = image.getBoundingClientRect();
      if (getComputedStyle(image).objectFit !== "contain") return ["stretched"];
      for (let room = image.parentElement; room; room = room.parentElement) {
        if (getComputedStyle(room).overflow !== "hidden") continue;
        const box = room.getBoundingClientRect();
        const [over, aside] = [own.bottom - box.bottom, own.right - box.right];
        if (Math.max(over, aside, box.top - own.top) > 1) return [`cut off by ${over}, ${aside}`];
      }
      return [];
    })"""
SEEN = (
    "(address) => [...document.images].filter((one) => one.src.includes(address) && one.offsetParent).length"
)


@pytest.fixture(params=[(60, 110), (110, 60), (20, 200)], ids=["tall", "wide", "a strip"])
def laid(request, transactional_db):
    """A desk whose prints are all of one shape."""
    made = desk(people.owner(), queries=10, items=5)
    file = io.BytesIO()
    Image.new("L", request.param, 128).save(file, "WEBP")
    for query in made.queries:
        path = derived("queries", query.pk, "page.webp")
        path.unlink()  # it is linked to those of others
        path.write_bytes(file.getvalue())
    remark_add(query=made.queries[0], annotator=people.owner(), text="", flag=True)
    return made


def is_whole(page: Page, query: int) -> None:
    """Every picture of the query is seen whole, and there is one at least."""
    address = f"/queries/{query}/"
    page.wait_for_function(SEEN, arg=address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(CUT_OFF, address) == []


def test_in_the_review_its_finder_and_its_overlay(laid, window):
    page, query = window(people.owner()), laid.queries[0].pk
    page.goto(laid.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    is_whole(page, query)
    page.keyboard.press("f")
    is_whole(page, query)
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.get_by_test_id("past-one")).to_have_count(1)
    is_whole(page, query)


@pytest.mark.parametrize("place", ["", "sure/", "second/?why=flagged"])
def test_in_the_grids(laid, window, place):
    page = window(people.curator())
    page.goto(f"/batches/{laid.batch.pk}/{place}")
    is_whole(page, laid.queries[0].pk)


def test_in_the_second_pass(laid, window):
    page, query = window(people.reviewer()), laid.queries[0].pk
    page.goto(f"/batches/{laid.batch.pk}/second/{query}/")
    is_whole(page, query)
    page.keyboard.press("f")
    is_whole(page, query)
