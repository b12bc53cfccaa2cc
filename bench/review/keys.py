"""From a key press to the next card painted: in a real browser, before a local web server.

``python -m bench.review.keys [--queries N] [--presses N]`` prints the times alone.
"""

import argparse
import os
import time
from collections.abc import Iterator

import numpy as np
from playwright.sync_api import sync_playwright

from bench.table import BenchmarkRow
from bench.web import Server, web_server
from tests.browser.client import until
from tests.browser.conftest import CHROMIUM, QUIET, log_in
from tests.browser.stack import PASSWORD
from webapp.config.env import ROOT

QUERIES, PRESSES, WARM = 10_000, 200, 10
PACE = 400  # milliseconds between two presses: nine times a thousand characters an hour
_KEYS = "1203"
_SIZE = {"width": 1366, "height": 768}

# A press begins when the browser took it from the system. It ends with the frame after the one in which the
# next card's pictures are there: the first of two is about to be painted, at the second it has been.
_WATCH = """
() => {
  const review = document.querySelector("main.review");
  let pressed = 0;
  globalThis.painted = [];
  addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  const pictures = () => [...document.querySelectorAll("#review-card .tile img")];
  const whole = () => pictures().every((image) => image.complete);
  const frame = () => new Promise(requestAnimationFrame);
  new MutationObserver(async () => {
    const began = pressed;
    while (review.dataset.ready !== "true" || !whole()) await frame();
    await frame();
    await frame();
    painted.push(performance.now() - began);
  }).observe(review, { attributeFilter: ["data-query"] });
}
"""


def rows() -> Iterator[BenchmarkRow]:
    """The row of the benchmark page."""
    with web_server("bench.review.batch", f"{QUERIES}") as made:
        times = key_to_paint(made, PRESSES)
    middle, high = np.percentile(times, [50, 95])
    yield BenchmarkRow(
        "key press to the next card painted, 95th percentile",
        f"**{high:.0f} ms**",
        "100 ms",
        f"headless Chromium, a batch of {QUERIES:,} queries, {len(times)} answers at {1000 / PACE:.1f} a "
        f"second; median {middle:.0f} ms, longest {max(times):.0f} ms",
    )


def key_to_paint(server: Server, presses: int) -> list[float]:
    """Milliseconds from each of so many key presses until the next card was painted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(base_url=server.stack.url, viewport=_SIZE, locale="en")
        log_in(page, "curator", PASSWORD)
        page.goto(server.page)
        page.locator("[data-testid=review][data-ready=true]").wait_for()
        page.wait_for_timeout(3000)
        page.evaluate(_WATCH)
        for count in range(WARM + presses):
            _press(page, _KEYS[count % len(_KEYS)], count + 1)
        times = page.evaluate("() => painted")
        browser.close()
    return times[WARM:]


def _press(page, key: str, count: int) -> None:
    """Answer with a key, and wait until the next card was painted, and for the rest of the pace."""
    began = time.monotonic()
    page.keyboard.press(key)
    until(lambda: page.evaluate("() => painted.length") >= count, within=30, every=0.02, what="a card")
    page.wait_for_timeout(max(0, PACE - 1000 * (time.monotonic() - began)))


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(prog="bench.review.keys", description="From key press to the next card.")
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--presses", type=int, default=PRESSES)
    options = parser.parse_args()
    os.chdir(ROOT)
    with web_server("bench.review.batch", f"{options.queries}") as made:
        times = key_to_paint(made, options.presses)
    quarter, middle, high, last = np.percentile(times, [25, 50, 95, 100])
    print(f"{len(times)} presses: p25 {quarter:.0f} ms, p50 {middle:.0f} ms, p95 {high:.0f} ms, ", end="")  # noqa: T201
    print(f"longest {last:.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
