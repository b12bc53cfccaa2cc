"""The whole job by hand, in a real browser, on a really running installation."""

import csv
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import archives, meshes, pictures
from tests.browser.conftest import log_in
from tests.browser.stack import PASSWORD

# test_api_journey.py asks both installations for all that these pages show.
pytestmark = [pytest.mark.browser, pytest.mark.installation("embedded")]
WAIT = 90_000  # milliseconds


def files(*named):
    """Files as Playwright takes them, from (name, content)."""
    return [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in named
    ]


def upload(page, address, name, chosen):
    """Choose files on the upload page, name the upload, and send them."""
    page.goto(address)
    page.get_by_test_id("upload-files").set_input_files(chosen)
    page.get_by_test_id("upload-name").fill(name)
    expect(page.get_by_test_id("upload-row")).to_have_count(len(chosen))
    page.get_by_test_id("upload-start").click()


@pytest.fixture(scope="module")
def prints():
    good = [(f"{seed:02}.png", pictures.png(seed)) for seed in range(3)]
    zipped = archives.zipped([(f"頁/{seed:02}.jpg", pictures.jpeg(seed)) for seed in (3, 4)])
    bad = [("broken.png", pictures.png(5)[:700]), ("empty.png", b""), ("notes.txt", b"read me")]
    return [*good, ("more.zip", zipped), *bad]


def test_the_whole_job(logged_in, gallery, prints, tmp_path):
    page = logged_in
    _import_meshes(page)
    _upload_batch(page, prints)
    _review(page)
    _look_at_the_block(page)
    _take_it_away(page, tmp_path)
    assert [line for line in page.complaints if not line.startswith("error: ResizeObserver")] == []


def _import_meshes(page):
    upload(
        page,
        "/gallery/import/",
        "two more",
        files(
            ("90.stl", meshes.block(90)), ("91.glb", meshes.block(91, "glb")), ("nan.stl", meshes.with_nan(5))
        ),
    )
    page.wait_for_url(re.compile(r"/gallery/imports/\d+/"), timeout=WAIT)
    progress = page.get_by_test_id("import-progress")
    expect(progress).to_have_attribute("data-state", "ready", timeout=WAIT)
    expect(progress).to_have_attribute("data-done", "2")
    expect(progress).to_have_attribute("data-failed", "1")


def _upload_batch(page, prints):
    upload(page, "/batches/new/", "Kiều, by hand", files(*prints))
    page.get_by_test_id("upload-open").or_(page.get_by_test_id("batch-progress")).first.wait_for(timeout=WAIT)
    if not re.search(r"/batches/\d+/$", page.url):
        page.get_by_test_id("upload-open").click()
    progress = page.get_by_test_id("batch-progress")
    expect(progress).to_have_attribute("data-state", "ready", timeout=WAIT)
    expect(progress).to_have_attribute("data-done", "5")
    broken = page.get_by_test_id("query-card").filter(has_text="broken.png")
    expect(broken).to_have_attribute("data-status", "rejected")
    expect(broken.get_by_test_id("query-error")).to_contain_text("broken.png")
    expect(page.get_by_test_id("left-out")).to_contain_text("notes.txt")


def _review(page):
    page.get_by_test_id("review-link").first.click()
    review = page.get_by_test_id("review")
    expect(review).to_have_attribute("data-ready", "true")
    expect(page.get_by_test_id("candidate")).to_have_count(5)
    first = review.get_attribute("data-query")

    def press(key, answered):
        before = review.get_attribute("data-query")
        page.keyboard.press(key)
        expect(page.get_by_test_id("review-progress")).to_have_attribute("data-answered", str(answered))
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
        expect(review).not_to_have_attribute("data-query", before)
        expect(review).to_have_attribute("data-ready", "true")

    press("1", 1)
    press("3", 2)
    press("0", 3)
    page.keyboard.press("u")
    expect(page.get_by_test_id("review-progress")).to_have_attribute("data-answered", "2")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    press("0", 3)
    press("s", 3)

    page.goto(page.url.split("?")[0] + f"?query={first}")
    expect(review).to_have_attribute("data-ready", "true")
    chosen = page.get_by_test_id("candidate").nth(0).get_by_test_id("candidate-choose")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(review).not_to_have_attribute("data-query", first)
    expect(review).to_have_attribute("data-ready", "true")
    chosen = page.get_by_test_id("candidate").nth(2).get_by_test_id("candidate-choose")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("review-progress")).to_have_attribute("data-answered", "3")


def _look_at_the_block(page):
    page.get_by_test_id("candidate").nth(0).get_by_test_id("candidate-view").click()
    canvas = page.get_by_test_id("viewer-canvas")
    expect(canvas).to_have_attribute("data-ready", "true", timeout=WAIT)
    before = canvas.screenshot()
    assert shades(before) > 30, "the canvas is blank"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(canvas).not_to_have_attribute("data-turn", "0")
    after = canvas.screenshot()
    assert differing(before, after) > 0.01, "the block did not turn"
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("viewer")).to_be_hidden()


def _take_it_away(page, folder):
    page.goto(re.sub(r"review/.*", "", page.url))
    held = {}
    for number, kind in enumerate(("csv", "jsonl", "course"), 1):
        form = page.get_by_test_id("export-form")
        form.locator(f"input[name=format][value={kind}]").check()
        form.get_by_test_id("export-create").click()
        expect(page.get_by_test_id("export-row")).to_have_count(number)
        row = page.get_by_test_id("export-row").first
        expect(row).to_have_attribute("data-state", "ready", timeout=WAIT)
        with page.expect_download() as coming:
            row.get_by_test_id("export-download").click()
        coming.value.save_as(folder / kind)
        held[kind] = (folder / kind).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(held["csv"])))
    said = sorted(row["verdict"] for row in rows if row["verdict"])
    assert [word for word in said if word != "skip"] == ["match", "match", "none"]
    assert len([json.loads(line) for line in held["jsonl"].splitlines()]) == len(rows)
    course = list(csv.DictReader(io.StringIO(held["course"])))
    assert all(len(row["label"].split(",")) == 5 for row in course)


def shades(png):
    """How many different colours a screenshot has."""
    return len(np.unique(np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).reshape(-1, 3), axis=0))


def differing(one, other):
    """Share of the pixels in which two screenshots of the same size differ clearly, in [0, 1]."""
    a, b = (np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=int) for png in (one, other))
    return float((abs(a - b) > 12).mean())


def test_a_stranger_is_sent_to_log_in(page):
    page.goto("/batches/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/batches/"))
    page.get_by_label("User name").fill("curator")
    page.get_by_label("Password").fill("not it")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("User name").fill("curator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(r"/batches/$"))
    page.get_by_test_id("account-menu").click()
    page.get_by_role("button", name="Log out").click()
    page.goto("/gallery/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))


def test_another_s_batch_is_not_there(page, stack, gallery):
    sent = stack.client().send("/api/v1/batches/", [("one.png", pictures.png(8))], {"name": "private"})
    stack.person("neighbour")
    log_in(page, "neighbour", PASSWORD)
    answer = page.goto(f"/batches/{sent.json['id']}/")
    assert answer.status == 404
    expect(page.get_by_test_id("error-page")).to_have_attribute("data-status", "404")
    page.goto("/batches/")
    expect(page.get_by_text("private")).to_have_count(0)


def test_an_annotator_reads_the_gallery_and_does_not_write_it(page, stack, gallery):
    stack.person("neighbour")
    log_in(page, "neighbour", PASSWORD)
    page.goto("/gallery/")
    expect(page.get_by_test_id("item-card").first).to_be_visible()
    expect(page.get_by_test_id("import-link")).to_have_count(0)
    assert page.goto("/gallery/import/").status == 403
