"""A phone's width, and what opens: nothing lies over another, and nothing is squeezed."""

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.light.rooms import furnish

pytestmark = pytest.mark.browser

OVERLAPS = """(parent) => {
  const boxes = [...document.querySelector(parent).children]
      .filter((one) => one.offsetParent)
      .map((one) => ({ name: one.id || one.className, ...one.getBoundingClientRect().toJSON() }));
  const outside = boxes.filter(({ right }) => right > innerWidth + 1);
  const over = boxes.flatMap((one, i) => boxes.slice(i + 1)
      .filter((other) => one.left < other.right - 1 && other.left < one.right - 1
          && one.top < other.bottom - 1 && other.top < one.bottom - 1)
      .map((other) => `${one.name} over ${other.name}`));
  return [...outside.map(({ name }) => `${name} leaves the page`), ...over];
}"""


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("width", [320, 390, 640])
def test_the_heads_of_a_phone_s_pages(laid, window, width, language):
    page = window(people.reviewer(), viewport={"width": width, "height": 800}, locale=language)
    page.goto(laid.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    assert page.evaluate(OVERLAPS, ".review-head") == []
    assert page.evaluate(OVERLAPS, ".head") == []
    for address in (f"/batches/{laid.batch.pk}/", f"/batches/{laid.batch.pk}/second/{laid.queries[0].pk}/"):
        page.goto(address)
        assert page.evaluate(OVERLAPS, ".page-head") == []


def width_of(page: Page, selector: str) -> float:
    return page.locator(selector).first.bounding_box()["width"]


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_a_row_keeps_its_words_when_it_opens(laid, window, width):
    furnish(laid, people.curator())
    page = window(people.curator(), viewport={"width": width, "height": 800})
    page.goto("/models/")
    row = "[data-testid=model-row][data-live=false]"
    least = min(160, width / 3)
    assert width_of(page, f"{row} > .stack-names") >= least
    page.locator(f"{row} details.more > summary").click()
    assert width_of(page, f"{row} > .stack-names") >= least
    assert page.evaluate(OVERLAPS, row) == []


def test_the_api_s_page_is_dark_in_the_dark(laid, window):
    def brightness(page, selector):
        colour = page.locator(selector).first.evaluate("(one) => getComputedStyle(one).backgroundColor")
        return sum(int(part) for part in colour.strip("rgb()").split(",")[:3]) / 3

    page = window(people.owner(), color_scheme="dark")
    page.goto("/api/v1/docs/")
    page.wait_for_selector(".swagger-ui .opblock")
    assert brightness(page, ".swagger") < 80
    words = page.locator(".swagger-ui .info .title").evaluate("(one) => getComputedStyle(one).color")
    assert min(int(part) for part in words.strip("rgb()").split(",")[:3]) > 150
    page.emulate_media(color_scheme="light")
    assert brightness(page, ".swagger") > 200
