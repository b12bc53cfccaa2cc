"""The page view in a real browser: how soon it is open, and how soon a key is seen.

``python -m bench.pages.view [--boxes N]`` prints the times alone.
"""

import argparse
import os
from collections.abc import Iterator

import numpy as np
from playwright.sync_api import sync_playwright

from bench.table import BenchmarkRow
from bench.web import Server, web_server
from tests.browser.conftest import CHROMIUM, QUIET, log_in
from tests.browser.stack import PASSWORD
from webapp.config.env import ROOT

OPENED, OPENINGS = 500, 20
BOXES, PRESSES, WARM = 600, 60, 5
PACE = 450  # milliseconds: an edit is saved before the next one
_SIZE = {"width": 1366, "height": 768}
KEYS = {"walk": "ArrowDown", "fine move": "Shift+ArrowRight", "delete": "Backspace", "undo": "u"}
# A press begins when the browser took it from the system, and ends with the frame after the one showing it.
_WATCH = """
() => {
  globalThis.painted = [];
  addEventListener("keydown", (event) => {
    if (event.key === "Shift") return;
    const began = event.timeStamp;
    requestAnimationFrame(() => requestAnimationFrame(() => painted.push(performance.now() - began)));
  }, true);
}
"""
_OPEN = """
async () => {
  const frame = () => new Promise(requestAnimationFrame);
  while (document.getElementById("page")?.dataset.ready !== "true") await frame();
  await frame();
  await frame();
  return performance.now();
}
"""


def rows() -> Iterator[BenchmarkRow]:
    """The rows of the benchmark page."""
    with web_server("bench.pages.view_data", f"{OPENED}") as made:
        times, _ = measured(made, openings=OPENINGS, presses=0)
    yield BenchmarkRow(
        f"page view of {OPENED} boxes on 24 megapixels open, 95th percentile",
        f"**{np.percentile(times, 95) / 1000:.2f} s**",
        "1 s",
        f"headless Chromium, from the address to the frame with all boxes, {OPENINGS} times; median "
        f"{np.median(times) / 1000:.2f} s",
    )
    with web_server("bench.pages.view_data", f"{BOXES}") as made:
        _, keys = measured(made, openings=1, presses=PRESSES)
    for name, times in keys.items():
        yield BenchmarkRow(
            f"page view, key to paint with {BOXES} boxes: {name}, 95th percentile",
            f"**{np.percentile(times, 95):.0f} ms**",
            "100 ms",
            f"headless Chromium, {len(times)} presses; median {np.median(times):.0f} ms, longest "
            f"{max(times):.0f} ms",
        )


def measured(server: Server, *, openings: int, presses: int) -> tuple[list[float], dict[str, list[float]]]:
    """Milliseconds until the page was open, each time; and from each press until it was painted, by key."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(base_url=server.stack.url, viewport=_SIZE, locale="en")
        log_in(page, "curator", PASSWORD)
        opened = []
        for _ in range(openings + 1):
            page.goto(server.page, wait_until="commit")
            opened.append(page.evaluate(_OPEN))
        page.wait_for_timeout(1500)
        page.evaluate(_WATCH)
        pressed = {name: _pressed(page, key, presses) for name, key in KEYS.items()} if presses else {}
        browser.close()
    return opened[1:], pressed


def _pressed(page, key: str, presses: int) -> list[float]:
    page.evaluate("() => painted.splice(0)")
    for _ in range(WARM + presses):
        page.keyboard.press(key)
        page.wait_for_timeout(PACE)
    times: list[float] = page.evaluate("() => painted")
    return times[WARM:]


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(prog="bench.pages.view", description="The page view's speed.")
    parser.add_argument("--boxes", type=int, default=BOXES)
    parser.add_argument("--presses", type=int, default=PRESSES)
    parser.add_argument("--openings", type=int, default=OPENINGS)
    options = parser.parse_args()
    os.chdir(ROOT)
    with web_server("bench.pages.view_data", f"{options.boxes}") as made:
        opened, keys = measured(made, openings=options.openings, presses=options.presses)
    for name, times in {"open": opened, **keys}.items():
        middle, high, last = np.percentile(times, [50, 95, 100])
        print(f"{name}: p50 {middle:.0f} ms, p95 {high:.0f} ms, longest {last:.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
