"""A woodblock: its scan sent in pieces, read, mended, labelled, found; and the page that it printed."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from retrieval.io.encode import stl
from retrieval.synth.blocks import block_mesh, carve, carved_height, draw_text, print_page
from retrieval.synth.pages.bank import draw_bank
from retrieval.synth.textures import Textures
from tests.browser.client import until

pytestmark = [pytest.mark.browser, pytest.mark.installation("embedded")]
WAIT = 90_000  # milliseconds
CHARACTER = "𡨸"  # that no other block of the installation has


@pytest.fixture(scope="module")
def client(stack):
    return stack.client()


@pytest.fixture(scope="module")
def files() -> tuple[bytes, bytes]:
    """The STL file of a drawn block, some 125 x 90 mm, and a PNG of the page that it printed."""
    random = np.random.default_rng(5)
    bank, textures = draw_bank(random, each=40), Textures(random, 4)
    text = draw_text(random, bank, size=(125.0, 90.0), character=10.0)
    carving = carve(random, bank, text, textures, pitch=0.35)
    height, _ = carved_height(random, carving)
    page, data = print_page(np.random.default_rng(2), carving)[0], io.BytesIO()
    Image.fromarray(page).save(data, "PNG")
    return stl(block_mesh(height, carving.pitch)), data.getvalue()


def test_from_a_scan_to_a_character_found_and_to_the_page_that_it_printed(logged_in, client, files):
    window, (block_file, page_file) = logged_in, files
    block = _described(window)
    window.get_by_test_id("scan-form").locator("#scan-file").set_input_files(
        {"name": "kieu.stl", "mimeType": "model/stl", "buffer": block_file}
    )
    window.get_by_test_id("scan-send").click()
    scan = window.get_by_test_id("scan")
    expect(scan).to_have_attribute("data-state", "ready", timeout=WAIT)
    pk = scan.get_attribute("data-scan")
    places = until(lambda: _cut(client, pk), within=90, what="all characters are items")
    assert [place["order"] for place in places] == sorted(place["order"] for place in places)
    _seen_in_3d(window, client.get(f"/api/v1/scans/{pk}/").json, places[0])
    _mended(window, client, pk)
    _labelled(window, client, pk)
    window.goto(f"/gallery/?q={CHARACTER}")
    expect(window.get_by_test_id("item-card")).to_have_count(1)
    assert client.get(f"/api/v1/blocks/{block}/").json["characters"] == len(places)
    _printed(window, client, block, page_file)
    assert window.complaints == []


def _printed(window: Window, client, block: int, page_file: bytes) -> None:
    """The page that the block printed is uploaded; it is found, and one key says so."""
    sent = client.send("/api/v1/documents/", [("page.png", page_file)]).json
    address = f"/api/v1/documents/{sent['id']}/pages/"
    page = until(lambda: client.all(address), within=30, what="the page is there")[0]["id"]
    matches = until(lambda: _found(client, page), within=150, what="blocks are looked for")
    best = matches[0]
    assert best["block"] == block
    assert best["believed"], f"{best['inliers']} inliers, p {best['p']:.1e}, overlap {best['overlap']}"
    window.goto(f"/pages/{page}/blocks/")
    expect(window.get_by_test_id("overlay-block")).to_be_visible()
    expect(window.locator("html[data-keys=on]")).to_be_attached()
    window.keyboard.press("Enter")
    expect(window.get_by_test_id("undo")).to_be_visible()
    [match] = [one for one in _found(client, page) if one["state"] == "confirmed"]
    assert match["answers"] > match["inliers"] * 0.8  # some cards are to be seen blind


def _found(client, page: int) -> list[dict] | None:
    found = client.get(f"/api/v1/pages/{page}/blocks/").json
    return found["matches"] if found["state"] == "ready" else None


def _described(window: Window) -> int:
    window.goto("/blocks/")
    window.get_by_test_id("new-block").click()
    window.locator("#block-name").fill("Kiều 1")
    window.locator("#block-inventory_number").fill("KV 12")
    window.get_by_test_id("block-save").click()
    window.wait_for_url("**/blocks/*/")
    return int(window.url.rstrip("/").rsplit("/", 1)[1])


def _cut(client, pk) -> list[dict] | None:
    """The places of a scan, once all of them are items that can be found."""
    places = client.all(f"/api/v1/scans/{pk}/places/?page_size=500")
    ready = all(one["item"] and not one["stale"] for one in places)
    if not ready or len(places) < 5:
        return None
    states = {client.get(f"/api/v1/items/{one['item']}/").json["state"] for one in places}
    return places if states == {"ready"} else None


def _seen_in_3d(window: Window, scan: dict, first: dict) -> None:
    """The face opens as a whole; a click on its first character flies there."""
    window.get_by_test_id("face-view").click()
    canvas = window.get_by_test_id("face-canvas")
    expect(canvas).to_have_attribute("data-level", "3", timeout=WAIT)
    seen = canvas.bounding_box()
    wide, high = scan["width_mm"], scan["height_mm"]
    scale = seen["height"] / (1.1 * max(high, wide * seen["height"] / seen["width"]))  # pixels a millimetre
    across = first["x_mm"] + first["w_mm"] / 2 - wide / 2
    down = first["y_mm"] + first["h_mm"] / 2 - high / 2
    window.mouse.click(
        seen["x"] + seen["width"] / 2 + across * scale, seen["y"] + seen["height"] / 2 + down * scale
    )
    expect(canvas).to_have_attribute("data-place", "01-01")
    window.get_by_test_id("face-close").click()


def _mended(window: Window, client, pk) -> None:
    """The first box is made wider by keys, taken back, and deleted and brought back."""
    window.goto(f"/blocks/scans/{pk}/ink/")
    expect(window.get_by_test_id("page-view")).to_have_attribute("data-ready", "true", timeout=WAIT)
    before = client.all(f"/api/v1/scans/{pk}/places/?page_size=500")
    window.keyboard.press("Home")
    window.wait_for_timeout(150)
    window.keyboard.press("Delete")
    until(lambda: _count(client, pk) == len(before) - 1, within=30, what="the box is deleted")
    window.keyboard.press("u")
    until(lambda: _count(client, pk) == len(before), within=30, what="the box is back")
    window.keyboard.press("Home")
    for _ in range(3):
        window.wait_for_timeout(150)
        window.keyboard.press("Shift+ArrowLeft")
    until(
        lambda: (first := _cut(client, pk)) and first[0]["set_by_person"] and first[0] != before[0],
        within=60,
        what="the mended box is cut out again",
    )


def _count(client, pk) -> int:
    return client.get(f"/api/v1/scans/{pk}/places/").json["count"]


def _labelled(window: Window, client, pk) -> None:
    window.get_by_test_id("block-link").click()
    window.get_by_text("Characters from a text").click()
    window.get_by_test_id("characters-form").locator("textarea").fill(f"{CHARACTER}□")
    window.get_by_test_id("characters-save").click()
    window.wait_for_url("**/blocks/*/")
    places = client.all(f"/api/v1/scans/{pk}/places/?page_size=500")
    assert [one["character"] for one in places[:2]] == [CHARACTER, ""]
