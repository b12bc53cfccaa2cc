"""Which block printed a page, in a real browser: print over print, and all of it by keys."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import factories
from tests.webapp.printed import drawn
from webapp.core.files.derived import write_derived
from webapp.printed.models import PageMatch
from webapp.review.models import Decision

pytestmark = pytest.mark.browser


@pytest.fixture
def match(live_server, owner) -> PageMatch:
    """A page and the block that printed it, two of its ten characters unlike; and a block that did not."""
    block = drawn.block(np.random.default_rng(1), count=10)
    page = drawn.page_of(block, factories.document(owner), np.random.default_rng(2))
    other = drawn.block(np.random.default_rng(3), count=10, name="B-2")
    found = drawn.match(page, block, strange=2)
    figures = {"rank": 2, "part": 1, "inliers": 9, "residual_mm": 1.2, "p": 0.01, "overlap": 0.4}
    PageMatch.objects.create(page=page, scan=other.scan, believed=False, **figures)
    ink = Image.fromarray(drawn.at_page(block))
    over = Image.new("RGBA", ink.size, (192, 57, 20, 0))
    over.putalpha(ink.point(lambda grey: 255 - grey))
    write_derived("matches", found.pk, {"page.webp": _webp(ink), "block.webp": _webp(over)})
    return found


def test_a_key_confirms_and_another_takes_it_back(window, owner, match):
    page = window(owner)
    page.goto(f"/pages/{match.page_id}/")
    page.get_by_test_id("block-of-page").click()
    expect(page.get_by_test_id("match")).to_have_count(2)
    _ready(page)
    over, block = page.get_by_test_id("print-over"), page.get_by_test_id("overlay-block")
    expect(block).to_be_visible()
    for shown in ("page", "block", "page"):
        page.keyboard.press("b")
        expect(over).to_have_attribute("data-shown", shown)
    expect(block).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-current=true]")).to_have_text("B-2")
    _ready(page)
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-current=true]")).to_have_text("A-1")
    _ready(page)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message")).to_have_text("8 characters are labelled as the same carving.")
    assert Decision.objects.filter(relation="same_carving").count() == 8
    expect(page.get_by_test_id("queue-row")).to_have_count(2)
    _ready(page)
    page.keyboard.press("u")
    expect(page.get_by_test_id("message")).to_have_text("Undone.")
    assert not any(query.answered for query in drawn.queries(match.page))
    _ready(page)
    page.keyboard.press("x")
    expect(page.locator("[data-testid=match][data-state=rejected]")).to_have_count(1)
    # Tiles, and the pictures of crops and items, are a worker's to make: that they are missing is no fault.
    assert [one for one in page.complaints if one.startswith("error:")] == []


def _ready(page) -> None:
    """The keys of the page are there."""
    expect(page.locator("html[data-keys=on]")).to_be_attached()


def _webp(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "WEBP")
    return data.getvalue()
