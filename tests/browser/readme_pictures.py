"""Takes the README's pictures of a sample installation: ``python -m tests.browser.readme_pictures``.

With ``--only pages``, or any other part, those of that part alone.
"""

import argparse
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.client import until
from tests.browser.conftest import CHROMIUM, QUIET, log_in
from tests.browser.stack import PASSWORD, Stack
from webapp.config.env import ROOT

FOLDER = ROOT / "docs" / "pictures"
_MOST_BYTES = 300_000


def main() -> None:
    """Fill a fresh installation with the sample, walk its pages, and write what they show."""
    parser = argparse.ArgumentParser(prog="readme_pictures", description="Take the README's pictures.")
    parser.add_argument("--only", choices=PARTS, help="this part alone")
    only = parser.parse_args().only
    with TemporaryDirectory(prefix="mocban-pictures-") as folder, sync_playwright() as playwright:
        stack = Stack(Path(folder), {"MOCBAN_SAMPLE": "1"}).start()
        try:
            until(lambda: _is_filled(stack), within=600, every=1, what="the sample is ready")
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            page = browser.new_page(base_url=stack.url, viewport={"width": 1280, "height": 800}, locale="en")
            log_in(page, "curator", PASSWORD)
            for name, part in PARTS.items():
                if only in (None, name):
                    part(page)
        finally:
            stack.stop()


def _is_filled(stack: Stack) -> bool:
    client = stack.client()
    batches = client.get("/api/v1/batches/").json["results"]
    return bool(batches) and all(batch["status"] == "ready" and batch["total"] for batch in batches)


def take_review(page: Page) -> None:
    """From the gallery to the review of the sample batch."""
    page.goto("/gallery/")
    page.get_by_test_id("item-card").first.wait_for()
    take(page, "gallery")
    page.goto("/batches/")
    page.get_by_test_id("batch-row").first.get_by_role("link").first.click()
    page.get_by_test_id("query-card").first.wait_for()
    page.get_by_test_id("review-link").first.click()
    page.locator("[data-testid=review][data-ready=true]").wait_for()
    for key in "1111":
        before = page.get_by_test_id("review").get_attribute("data-query")
        page.wait_for_timeout(400)  # the same key sooner would count as one press
        page.keyboard.press(key)
        page.locator(f"[data-testid=review][data-ready=true]:not([data-query='{before}'])").wait_for()
    take(page, "review")
    page.get_by_test_id("candidate").first.get_by_test_id("candidate-view").click()
    page.locator("[data-testid=viewer-canvas][data-ready=true]").wait_for(timeout=60_000)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    take(page, "viewer")
    page.keyboard.press("Escape")
    page.goto(page.url.split("review/")[0])
    page.get_by_test_id("query-card").first.wait_for()
    take(page, "batch")


def take_pages(page: Page) -> None:
    """The sample's document, and its page in the page view with some boxes answered."""
    page.goto("/documents/")
    page.get_by_test_id("document-row").first.get_by_role("link").first.click()
    page.locator("[data-testid=page-card][data-state=ready] a").first.wait_for()
    take(page, "document")
    page.locator("[data-testid=page-card] a").first.click()
    page.locator("[data-testid=page-view][data-ready=true]").wait_for()
    page.keyboard.press("n")
    for _ in range(6):
        before = page.get_by_test_id("page-card").get_attribute("data-box")
        page.locator("[data-testid=page-five]:enabled").first.wait_for()
        page.wait_for_timeout(400)  # the same key sooner would count as one press
        page.keyboard.press("1")
        page.locator(f"[data-testid=page-card]:not([data-box='{before}'])").wait_for()
    page.locator("[data-testid=page-five]:enabled").first.wait_for()
    take(page, "page")


PARTS = {"review": take_review, "pages": take_pages}


def take(page: Page, name: str) -> None:
    """Write what the window shows as a small PNG file.

    Raises:
        ValueError: it does not become small enough for a README.
    """
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32):
        held = io.BytesIO()
        shown.quantize(colours, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
        if held.tell() <= _MOST_BYTES:
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / f"{name}.png").write_bytes(held.getvalue())
            return
    raise ValueError(f"the picture of {name} is larger than {_MOST_BYTES // 1000} KB")


if __name__ == "__main__":
    sys.exit(main())
