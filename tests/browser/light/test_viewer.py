"""The block in 3D: turned, measured, cut, coloured by height and compared, with one WebGL context."""

import pytest
from playwright.sync_api import expect

from tests import people

pytestmark = pytest.mark.browser


@pytest.fixture
def viewer(laid, window):
    """The viewer of the first candidate, opened from the review's page."""
    page = window(people.owner())
    page.goto(laid.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    page.keyboard.press("v")
    painted(page)
    return page


def painted(page):
    canvas = page.get_by_test_id("viewer-canvas")
    expect(canvas).to_have_attribute("data-ready", "true", timeout=60_000)
    return canvas


def test_it_is_measured_and_cut_by_keys(viewer):
    page, canvas = viewer, painted(viewer)
    page.keyboard.press("p")
    expect(canvas).to_have_attribute("data-projection", "parallel")
    page.keyboard.press("m")
    expect(page.get_by_test_id("viewer-said")).to_contain_text("Press the first point")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(canvas).to_have_attribute("data-points", "1")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(canvas).to_have_attribute("data-points", "2")
    expect(canvas).to_have_attribute("data-turn", "0,0")
    assert float(canvas.get_attribute("data-measured")) > 0
    expect(page.get_by_test_id("viewer-said")).to_contain_text("of the picture")
    page.keyboard.press("x")
    expect(page.get_by_test_id("viewer-plot").locator("path")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("viewer-cut")).to_be_hidden()
    expect(page.get_by_test_id("viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("viewer")).to_be_hidden()
    assert page.complaints == []


def test_a_length_is_the_same_however_it_is_seen(viewer):
    page, canvas = viewer, painted(viewer)
    page.get_by_test_id("viewer-parallel").click()
    page.get_by_test_id("viewer-ruler").click()
    box = canvas.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    across = box["height"] / 4
    page.mouse.click(middle[0] - across, middle[1])
    page.mouse.click(middle[0] + across, middle[1])
    expect(canvas).to_have_attribute("data-points", "2")
    flat = float(canvas.get_attribute("data-measured"))
    # Half the view's height, of which the square fills about two thirds of a side at the front view.
    seen = 2.0 * 5.9 * 0.2493 / 2 * 50
    assert flat == pytest.approx(seen, rel=0.03)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1], steps=4)
    page.mouse.up()
    expect(canvas).not_to_have_attribute("data-turn", "0,0")
    expect(canvas).to_have_attribute("data-points", "2")
    assert float(canvas.get_attribute("data-measured")) == flat


def test_two_blocks_turn_together_on_one_canvas(viewer):
    page, canvas = viewer, painted(viewer)
    one = canvas.screenshot()
    page.keyboard.press("c")
    expect(canvas).to_have_attribute("data-blocks", "2")
    painted(page)
    page.keyboard.press("ArrowRight")
    expect(canvas).to_have_attribute("data-turn", "6,0")
    assert canvas.screenshot() != one
    page.keyboard.press("x")
    box = canvas.bounding_box()
    for share in (0.15, 0.35):
        page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    expect(page.get_by_test_id("viewer-plot").locator("path")).to_have_count(2)
    page.keyboard.press("c")
    expect(canvas).to_have_attribute("data-blocks", "1")
    assert page.locator("canvas[data-testid=viewer-canvas]").count() == 1
    assert page.complaints == []


def test_heights_are_coloured_with_a_legend(viewer):
    page, canvas = viewer, painted(viewer)
    wood = canvas.screenshot()
    page.keyboard.press("h")
    expect(canvas).to_have_attribute("data-colours", "heights")
    expect(page.get_by_test_id("viewer-legend")).to_contain_text("+8.00 % of the picture")
    assert canvas.screenshot() != wood
    page.keyboard.press("h")
    expect(page.get_by_test_id("viewer-legend")).to_be_hidden()


def test_two_fingers_come_closer(laid, window):
    page = window(people.owner(), has_touch=True)
    page.goto(laid.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    page.keyboard.press("v")
    canvas = painted(page)
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)

    def fingers(kind, apart):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []}
        )

    fingers("touchStart", 40)
    for apart in (50, 60, 80):
        fingers("touchMove", apart)
    fingers("touchEnd", 0)
    expect(canvas).not_to_have_attribute("data-zoom", "1.00")
    assert float(canvas.get_attribute("data-zoom")) == pytest.approx(2.0, rel=0.1)
    expect(canvas).to_have_attribute("data-turn", "0,0")
