"""A curator goes through doubtful labels by keys, and brings a file of labels in."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.light.rooms import furnish
from tests.browser.light.test_curating import work
from webapp.datasets.models import AuditRow

pytestmark = pytest.mark.browser


@pytest.fixture
def rooms(laid):
    return furnish(laid, people.curator())


def test_a_doubtful_label_is_opened_by_keys_answered_and_marked(window, rooms):
    page = window(people.curator())
    page.goto(f"/audits/{rooms.audit.pk}/")
    expect(page.get_by_test_id("doubted")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    first = page.get_by_test_id("doubted").first
    expect(first.get_by_test_id("doubted-card")).to_be_focused()
    page.keyboard.press("Enter")
    review = page.get_by_test_id("review")
    expect(review).to_have_attribute("data-ready", "true")
    assert f"query={rooms.audit.rows.first().query_id}" in page.url
    with page.expect_response(lambda response: "/answer/" in response.url):
        page.keyboard.press("5")
    page.goto(f"/audits/{rooms.audit.pk}/")
    expect(page.get_by_test_id("audit-progress")).to_have_attribute("data-changed", "1")
    expect(first).to_have_attribute("data-state", "changed")
    assert AuditRow.objects.get(audit=rooms.audit, rank=2).state == "open"
    with page.expect_download() as download:
        page.get_by_test_id("audit-table").click()
    assert download.value.suggested_filename == f"audit-{rooms.audit.pk}.csv"
    assert not page.complaints


def test_labels_are_brought_in_looked_through_and_taken_back(window, rooms, tmp_path):
    last, item = rooms.desk.queries[-1], rooms.desk.items[1]
    path = tmp_path / "nhãn.csv"
    path.write_text(f"sha256,item\n{last.sha256},{item.sha256}\nx,y\n", encoding="utf-8")
    page = window(people.curator())
    page.goto("/snapshots/")
    page.get_by_test_id("imports-link").click()
    page.locator("#file").set_input_files(path)
    page.get_by_test_id("import-send").click()
    result = page.get_by_test_id("import-page")
    expect(result).to_have_attribute("data-state", "reading")
    work()
    expect(result).to_have_attribute("data-state", "read")
    expect(page.get_by_text("x is not a SHA-256 hash")).to_be_visible()
    page.get_by_test_id("import-apply").click()
    work()
    expect(result).to_have_attribute("data-state", "applied")
    expect(page.get_by_test_id("import-counts")).to_have_attribute("data-written", "1")
    page.get_by_test_id("import-undo").click()
    work()
    expect(result).to_have_attribute("data-state", "undone")
    assert not page.complaints
