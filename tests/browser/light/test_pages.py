"""The page view in a real browser: its boxes walked, mended and answered by keys, and drawn by the mouse."""

import math

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests import factories
from webapp.core.files.media import derived
from webapp.documents.page_view.editing import boxes_edit
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import Operation
from webapp.pages.models import Box, Page
from webapp.pages.tiles import ROOM, TILE, levels, tile_name
from webapp.review.answering.selectors import decision_for

pytestmark = pytest.mark.browser

COLUMNS, ROWS = (300, 220, 140), 10


@pytest.fixture
def scan(live_server, owner) -> Page:
    """A page of thirty characters in three columns, all but one with suggestions; the fifth holds two."""
    batch = factories.batch(owner, shared=True)
    page = factories.page(factories.document(owner, batch=batch), name="013b.jpg")
    items = [factories.item(character=character) for character in "人入八"]
    for column, x in enumerate(COLUMNS, 1):
        for row in range(ROWS):
            box = factories.box(page, at=(x, 20 + 54 * row), matched=(column, row) != (3, 9), column=column)
            if box.query:
                factories.suggestions(box.query, items)
    flat = page.boxes.get(order=17)
    Box.objects.filter(pk=flat.pk).update(h=10)
    page.boxes.filter(order__in=(28, 29)).update(kind=Box.Kind.NOTE)
    _picture(page)
    return page


def _picture(page: Page) -> None:
    """Tiles of a scan that has a blot in each box, and in the fifth two with a gap between."""
    scan = Image.new("L", (page.width, page.height), 240)
    draw = ImageDraw.Draw(scan)
    for box in page.boxes.all():
        draw.rectangle((box.x + 9, box.y + 2, box.x + box.w - 9, box.y + box.h - 2), fill=40)
    fifth = page.boxes.get(order=5)
    draw.rectangle((fifth.x, fifth.y + 21, fifth.x + fifth.w, fifth.y + 24), fill=240)
    top = levels(page.width, page.height) - 1
    for level in range(top + 1):
        size = [math.ceil(side / 2 ** (top - level)) for side in scan.size]
        small = scan.resize(size)
        for column in range(math.ceil(size[0] / TILE)):
            for row in range(math.ceil(size[1] / TILE)):
                place = (column * TILE, row * TILE)
                tile = small.crop(
                    (*place, *(min(at + TILE, side) for at, side in zip(place, size, strict=True)))
                )
                path = derived(ROOM, page.pk, tile_name(level, column, row))
                path.parent.mkdir(parents=True, exist_ok=True)
                tile.save(path)


class Sitting:
    """Somebody at the page view."""

    def __init__(self, window: Window, scan: Page):
        self.window, self.scan = window, scan
        self.failed: list[str] = []
        window.on("response", lambda answer: self.failed.append(answer.url) if answer.status >= 400 else None)
        window.goto(f"/pages/{scan.pk}/")
        expect(window.get_by_test_id("page-view")).to_have_attribute("data-ready", "true")

    def complaints(self) -> list[str]:
        """What went wrong; factories draw no pictures of queries and items, and a conflict is none."""
        said = [words for words in self.window.complaints if "Failed to load resource" not in words]
        return said + [url for url in self.failed if f"/pages/{self.scan.pk}/tiles" in url]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.window.keyboard.press(key)
            self.window.wait_for_timeout(140)  # the same key sooner is one press

    def saved(self) -> None:
        self.window.wait_for_timeout(400)  # fine steps are one edit, a moment after the last
        state = self.window.get_by_test_id("save-state")
        expect(state).to_have_attribute("data-state", "saved")
        expect(state).to_have_attribute("data-waiting", "0")

    def chosen(self) -> Box:
        self.saved()
        return Box.objects.get(pk=self.window.get_by_test_id("page-card").get_attribute("data-box"))

    def there(self) -> list[Box]:
        self.saved()
        return list(Box.objects.filter(page=self.scan, deleted=None).order_by("order"))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place of the page in the window, which shows the whole page."""
        room = self.window.get_by_test_id("stage").bounding_box()
        scale = min(room["width"] / self.scan.width, room["height"] / self.scan.height)
        left = room["x"] + (room["width"] - scale * self.scan.width) / 2
        top = room["y"] + (room["height"] - scale * self.scan.height) / 2
        return left + scale * x, top + scale * y

    def drag(self, *points: tuple[float, float]) -> None:
        mouse = self.window.mouse
        for number, point in enumerate(points):
            mouse.move(*self.point(*point), steps=4)
            if number == 0:
                mouse.down()
        mouse.up()


def test_boxes_are_mended_by_keys_and_by_the_mouse(window, owner, scan):
    sits = Sitting(page := window(owner), scan)
    first, second, *_ = sits.there()
    expect(page.get_by_test_id("page-text").locator("p").first).to_have_text("人" * ROWS)
    notes = [page.locator(f"#character-{box.pk}").bounding_box() for box in sits.there()[27:]]
    assert notes[0]["y"] < notes[1]["y"] < notes[2]["y"]  # small characters stand in their column as all do
    sits.press("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowRight")
    assert sits.chosen() == second
    sits.press("Shift+ArrowRight", "Shift+ArrowRight", "s", "Shift+w")
    moved = sits.chosen()
    assert (moved.x, moved.y, moved.w, moved.h) == (second.x + 2, second.y + 1, 40, 40)
    sits.press("b")
    sits.drag((60, 30), (100, 75))
    drawn = sits.chosen()
    assert (drawn.source, len(sits.there())) == ("person", 31)
    assert abs(drawn.x - 60) < 2
    assert abs(drawn.y + drawn.h - 75) < 2
    sits.press("Backspace")
    assert len(sits.there()) == 30
    sits.press("u", "Control+z", "y")
    assert len(sits.there()) == 31
    sits.press("Home", "Backspace", "Shift+u")
    page.locator("#deleted-list button").first.click()
    expect(page.get_by_test_id("page-said")).to_contain_text("of 31")  # how many there are by now
    sits.press("u")
    expect(page.get_by_test_id("page-said")).to_contain_text("Undone: bring back.")
    sits.press("u")
    expect(page.get_by_test_id("page-said")).to_contain_text("Undone: delete.")
    sits.press("Home", *["ArrowDown"] * 4, "c")
    fifth, below = sits.there()[4:6]
    assert below.y == fifth.y + fifth.h
    assert abs(fifth.h - 22) < 3
    sits.press("j")
    assert sits.there()[4].h == 40
    sits.press("Home", ".")
    assert [box.pk for box in sits.there()[:2]] == [second.pk, first.pk]
    sits.press("l")
    sits.drag((280, 5), (380, 5), (380, 100), (280, 100), (280, 5))
    sits.press("x")
    assert [box.not_character for box in sits.there()[:3]] == [True, True, False]
    sits.press("m")
    expect(page.get_by_test_id("mask")).to_have_attribute("aria-pressed", "true")
    sits.press("m", "Escape", "e")
    assert sits.chosen().h == 10
    assert sits.complaints() == []


def test_boxes_are_answered_beside_the_page_and_two_people_share_it(window, owner, teammate, scan):
    sits = Sitting(page := window(owner), scan)
    first, second, *_ = sits.there()
    sits.press("n")
    assert sits.chosen() == first
    expect(page.get_by_test_id("page-five").first).to_be_enabled()
    sits.press("2")
    assert sits.chosen() == second
    expect(page.locator(f"#character-{first.pk}")).to_have_text("入")
    page.wait_for_function(
        "() => !Object.keys(localStorage).some((name) => name.startsWith('mocban-page-answers'))"
    )
    assert decision_for(first.query, owner).item.character == "入"
    sits.press("u")
    assert sits.chosen() == first
    expect(page.locator(f"#character-{first.pk}")).to_have_text("人")
    moved = Operation(op="move", boxes=(second.pk,), rect=Rect(290, 74, 50, 44))
    sits.press("Home")
    page.evaluate(
        "() => Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
    )  # asks for nothing
    boxes_edit(page=scan, person=teammate, version=scan.version, operations=[moved])
    sits.press("Shift+ArrowLeft")
    assert sits.chosen().x == first.x - 1  # another box than theirs
    sits.press("ArrowDown", "Shift+ArrowLeft")
    page.get_by_test_id("whose-theirs").click()
    sits.saved()
    assert Box.objects.get(pk=second.pk).w == 50
    sits.press("Home", "Enter")
    expect(page.get_by_test_id("review")).to_have_attribute("data-query", f"{first.query_id}")
    expect(page.get_by_test_id("place")).to_have_attribute("data-query", f"{first.query_id}")
    sits.press("b")
    expect(page.locator("#mend-box .openseadragon-canvas")).to_be_visible()
    sits.press("ArrowRight", "ArrowRight", "Enter")
    expect(page.get_by_test_id("mend-box")).to_be_hidden()
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('mocban-edits'))")
    assert Box.objects.get(pk=first.pk).x == first.x + 1
    page.get_by_test_id("place-open").click()
    expect(page.get_by_test_id("page-view")).to_have_attribute("data-ready", "true")
    expect(page.get_by_test_id("page-card")).to_have_attribute("data-box", f"{first.pk}")
    assert sits.complaints() == []
