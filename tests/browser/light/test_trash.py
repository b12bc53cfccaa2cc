"""A batch into the trash and out of it by its buttons; and times by the clock of whoever looks."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests import factories, people
from webapp.batches.models import Batch
from webapp.batches.trash import batch_delete

pytestmark = pytest.mark.browser


def test_a_batch_goes_into_the_trash_and_comes_back(window, transactional_db):
    batch = factories.batch(people.curator())
    page = window(people.curator())
    page.goto(f"/batches/{batch.pk}/")
    page.get_by_text("Delete this batch").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url("**/batches/")
    page.get_by_test_id("trash-link").click()
    row = page.get_by_test_id("trash-row")
    expect(row).to_contain_text(batch.name)
    row.get_by_test_id("trash-restore").click()
    page.wait_for_url(f"**/batches/{batch.pk}/")
    assert Batch.objects.get() == batch
    assert page.complaints == []


def test_it_is_deleted_for_good_only_by_a_second_look(window, transactional_db):
    batch = factories.batch(people.curator())
    batch_delete(batch=batch, by=people.curator())
    page = window(people.curator())
    page.goto("/trash/")
    purge = page.get_by_test_id("trash-purge")
    expect(purge).not_to_be_visible()
    page.locator("summary", has_text="Delete for good").click()
    purge.click()
    expect(page.get_by_test_id("empty-state")).to_contain_text("The trash is empty")
    assert not Batch.everything.exists()
    assert page.complaints == []


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Ho_Chi_Minh", "2 March 2026, 03:30"),
        ("America/New_York", "1 March 2026, 15:30"),
        ("Asia/Kathmandu", "2 March 2026, 02:15"),
        ("UTC", "1 March 2026, 20:30"),
    ],
)
def test_times_are_those_of_the_browser_s_clock(window, transactional_db, zone, shown):
    """The first page names the zone in a cookie; from the next one on the server shows times by it."""
    batch = factories.batch(people.curator())
    batch_delete(batch=batch, by=people.curator())
    Batch.everything.update(deleted=datetime(2026, 3, 1, 20, 30, tzinfo=UTC))
    page = window(people.curator(), timezone_id=zone)
    page.goto("/batches/")
    page.wait_for_function("() => document.cookie.includes('mocban_zone=')")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "mocban_zone"]
    assert (cookie["path"], cookie["sameSite"], cookie["expires"] > 0) == ("/", "Lax", True)
    page.goto("/trash/")
    expect(page.get_by_test_id("trash-row")).to_contain_text(shown)
    assert page.complaints == []
