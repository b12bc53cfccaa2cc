"""Whole pages by the keyboard alone: uploaded, read, mended, matched, confirmed and taken away."""

import io
import json

import numpy as np
import pytest
import trimesh
from PIL import Image
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.browser.client import until
from webapp.config.env import ROOT
from workers.sample.carving import Carving, carve, fine_size
from workers.sample.leaf import draw_leaf
from workers.sample.typefaces import carving_typeface

# A page is the same on either database: tests of rows and workers ask both for what this shows.
pytestmark = [pytest.mark.browser, pytest.mark.installation("embedded")]
WAIT = 90_000  # milliseconds
CARVED = "嗟才命窖戈沒局仍"
LEAVES = (("嗟才命窖", "戈沒局仍"), ("仍局沒戈", "窖命才嗟"), ("才嗟窖命", "沒戈仍局"))
USED = "addEventListener('mousedown', (event) => event.detail && console.error('a mouse was used'), true)"


@pytest.fixture(scope="module")
def client(stack):
    return stack.client()


@pytest.fixture(scope="module")
def carved(client) -> None:
    """Blocks of the characters that the pages hold."""
    face, random = carving_typeface(ROOT), np.random.default_rng(12)
    files = []
    for number, char in enumerate(CARVED):
        mesh = carve(face.ink(char, fine_size()), Carving(True, 0.0, False, 1.0, 0.0), random)
        data = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).export(file_type="stl")
        files.append((f"page-{number}.stl", data))
    items = client.send("/api/v1/items/", files).json["items"]
    for item in items:  # none, where this installation was walked before
        body = json.dumps({"character": CARVED[int(item["name"][5])]}).encode()
        client.ask("PATCH", f"/api/v1/items/{item['id']}/", body, "application/json")
    found = [f"/api/v1/items/{item['id']}/" for item in items]
    until(
        lambda: all(client.get(one).json["state"] == "ready" for one in found),
        within=150,
        what="blocks ready",
    )


def scans() -> list[dict]:
    """Three pages, as Playwright takes files."""
    face, files = carving_typeface(ROOT), []
    for number, columns in enumerate(LEAVES, 1):
        data = io.BytesIO()
        Image.fromarray(draw_leaf(columns, face, np.random.default_rng(number))).save(data, "PNG")
        files.append({"name": f"{number}.png", "mimeType": "image/png", "buffer": data.getvalue()})
    return files


class Keyboard:
    """Somebody without a mouse. client: to look at what is stored."""

    def __init__(self, window: Window, client):
        self.window, self.client = window, client

    def press(self, *keys: str) -> None:
        """Press keys one after the other, unhurriedly: the same one sooner is one press, or goes faster."""
        for key in keys:
            self.window.keyboard.press(key)
            self.window.wait_for_timeout(130)

    def tab_to(self, selector: str, most: int = 120) -> None:
        """Press Tab until the focus is there."""
        self.window.locator(selector).first.wait_for(timeout=WAIT)
        for _ in range(most):
            if self.window.evaluate("(one) => document.activeElement.matches(one)", selector):
                return
            self.window.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def _stored(self) -> dict:
        pk = self.window.url.split("/pages/")[1].split("/")[0]
        return self.client.get(f"/api/v1/pages/{pk}/boxes/").json

    def version(self) -> int:
        """The version of this page by now."""
        return self._stored()["version"]

    def is_matched(self) -> bool:
        """Whether nothing of this page is worked on, and all its boxes have suggestions."""
        stored = self._stored()
        return not stored["jobs"]["waiting"] and {box["state"] for box in stored["boxes"]} == {"suggested"}

    def boxes(self) -> list[dict]:
        """The boxes of this page as they are stored, in reading order."""
        state = self.window.get_by_test_id("save-state")
        self.window.wait_for_timeout(400)  # fine steps are one edit, a moment after the last
        expect(state).to_have_attribute("data-state", "saved")
        expect(state).to_have_attribute("data-waiting", "0")
        return self._stored()["boxes"]

    def until_stored(self, fits) -> None:
        """Wait until the boxes that are stored fit."""
        until(lambda: fits(self.boxes()), within=30, what="the boxes are stored")

    def at_the_page(self) -> None:
        """Wait until the page view shows its page."""
        expect(self.window.get_by_test_id("page-view")).to_have_attribute("data-ready", "true", timeout=WAIT)

    def turn_the_page(self) -> None:
        """Go to the next page of the document."""
        before = self.window.url
        self.press("PageDown")
        self.window.wait_for_url(lambda url: url != before, timeout=WAIT)


def test_three_pages_by_keys_alone(logged_in, client, carved, tmp_path):
    window = logged_in
    window.add_init_script(USED)
    hands = Keyboard(window, client)
    _upload(hands)
    _mend(hands)
    _confirm(hands)
    for _ in LEAVES[1:]:
        hands.turn_the_page()
        _confirm(hands)
    right = zip("".join(_exported(hands, tmp_path)), "".join(map("".join, LEAVES)), strict=True)
    assert sum(one == other for one, other in right) >= 22  # of 24: first suggestions, taken unseen
    # A picture of a box that is cut out anew is gone when the one before is asked for.
    grave = [line for line in window.complaints if "Failed to load resource" not in line]
    assert [line for line in grave if not line.startswith("error: ResizeObserver")] == []


def _upload(hands: Keyboard) -> None:
    window = hands.window
    files = scans()
    window.on("filechooser", lambda asked: asked.set_files(files))
    window.goto("/documents/new/")
    hands.tab_to("#choose-files")
    hands.press("Enter")
    expect(window.get_by_test_id("upload-row")).to_have_count(3)
    hands.tab_to("#upload-name")
    window.keyboard.type("Three leaves")
    hands.tab_to("[data-testid=upload-start]")
    hands.press("Enter")
    window.wait_for_url("**/documents/*/", timeout=WAIT)
    cards = window.get_by_test_id("page-card")
    expect(cards).to_have_count(3, timeout=WAIT)
    for number in range(3):
        expect(cards.nth(number)).to_have_attribute("data-state", "ready", timeout=WAIT)
    hands.tab_to("[data-testid=page-card] a.tile")
    hands.press("Enter")


def _mend(hands: Keyboard) -> None:
    """A box is deleted, and drawn anew; another is deleted and brought back."""
    hands.at_the_page()
    read = hands.boxes()
    assert len(read) == 8
    hands.press("End", "Backspace")
    hands.until_stored(lambda boxes: len(boxes) == 7)
    hands.press("End", "b", "b", *["Shift+ArrowDown"] * 18)
    hands.until_stored(lambda boxes: len(boxes) == 8 and abs(boxes[-1]["y"] - read[-1]["y"]) < 12)
    assert hands.boxes()[-1]["source"] == "person"
    seen = hands.version()
    hands.press("i")
    until(lambda: hands.version() > seen, within=60, what="a worker has fitted the box to its ink")
    hands.press("Home", "Delete")
    hands.until_stored(lambda boxes: boxes[0]["id"] == read[1]["id"])
    hands.press("u")
    hands.until_stored(lambda boxes: boxes[0]["id"] == read[0]["id"])


def _confirm(hands: Keyboard) -> None:
    """The first suggestion of each box, once all are matched."""
    window = hands.window
    hands.at_the_page()
    until(hands.is_matched, within=60, what="all matched")
    expect(window.get_by_test_id("page-jobs")).to_have_text("", timeout=WAIT)
    hands.press("n")
    card, first = window.get_by_test_id("page-card"), window.get_by_test_id("page-five").first
    for number in range(8):
        expect(first).to_be_enabled()
        chosen = card.get_attribute("data-box")
        hands.press("1")
        if number < 7:
            expect(card).not_to_have_attribute("data-box", chosen)
    until(lambda: all(box["state"] == "answered" for box in hands.boxes()), within=30, what="all answered")


def _exported(hands: Keyboard, folder) -> list[str]:
    """The text of each page, as it is taken away."""
    window = hands.window
    hands.press("p")
    window.wait_for_url("**/exchange/")
    hands.tab_to("[data-testid=export-form] input[name=format]")
    while not window.evaluate("() => document.activeElement.value.endsWith('text')"):
        hands.press("ArrowDown")
    hands.tab_to("[data-testid=export-create]")
    hands.press("Enter")
    row = window.get_by_test_id("export-row").first
    expect(row).to_have_attribute("data-state", "ready", timeout=WAIT)
    hands.tab_to("[data-testid=export-download]")
    with window.expect_download() as coming:
        hands.press("Enter")
    coming.value.save_as(folder / "text")
    text = (folder / "text").read_text("utf-8-sig")
    return ["".join(page.split()) for page in text.strip().split("\n\n")]
