"""A curator freezes labels, takes them away, and looks at what was measured."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.light.rooms import furnish
from webapp.datasets.models import Snapshot
from webapp.jobs.models import Job
from webapp.training.models import Promotion
from workers.runtime.runner import run_job

pytestmark = pytest.mark.browser


@pytest.fixture
def rooms(laid):
    return furnish(laid, people.curator())


@pytest.fixture
def page(window, rooms):
    return window(people.curator())


def work():
    """Do what waits, as a worker would."""
    for pk in Job.objects.filter(state=Job.State.QUEUED).order_by("created").values_list("pk", flat=True):
        run_job(pk)


def test_a_snapshot_is_frozen_compared_and_taken_away(page, rooms):
    page.goto("/snapshots/")
    page.get_by_label("Note").fill("before the retraining")
    page.get_by_test_id("snapshot-create").click()
    result = page.get_by_test_id("snapshot-page")
    expect(result).to_have_attribute("data-state", "waiting")
    work()
    expect(result).to_have_attribute("data-state", "ready")
    made = Snapshot.objects.get(note="before the retraining")
    expect(page.get_by_text(made.digest)).to_be_visible()
    expect(page.get_by_test_id("difference")).to_have_attribute("data-added", "0")
    page.get_by_label("Format").select_option("parquet")
    page.get_by_test_id("export-create").click()
    row = page.get_by_test_id("export-row")
    expect(row).to_have_attribute("data-state", "waiting")
    work()
    expect(row).to_have_attribute("data-state", "ready")
    with page.expect_download() as download:
        page.get_by_test_id("export-download").click()
    assert download.value.suggested_filename == f"snapshot-{made.number}.parquet"
    assert not page.complaints


def test_what_was_measured_leads_to_a_promotion(page, rooms):
    page.goto("/models/")
    page.get_by_test_id("evaluation-row").get_by_role("link").click()
    expect(page.get_by_test_id("gate")).to_have_count(4)
    expect(page.get_by_test_id("cases-lost").locator("img").first).to_be_visible()
    page.get_by_test_id("promote").click()
    expect(page.get_by_test_id("promotion")).to_have_attribute("data-state", "waiting")
    assert Promotion.objects.get().evaluation == rooms.evaluation
    Promotion.objects.update(state="ready")
    expect(page.get_by_test_id("promotion")).to_have_count(0)
    assert not page.complaints
