"""The main pages look as they did. After a change that was meant: ``make golden``, and look what changed."""

import shutil
from datetime import UTC, datetime

import numpy as np
import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.golden import MOST, check, strange
from tests.browser.light.rooms import furnish
from webapp.batches.models import Batch
from webapp.core.files.media import derived
from webapp.datasets.models import Snapshot
from webapp.gallery.models import Import, Item
from webapp.registry.models import ModelVersion, Release
from webapp.training.models import Evaluation

DAY = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def rooms(laid):
    """The rooms, all of one day."""
    made = furnish(laid, people.curator())
    for model in (Batch, Import, Item):
        model.objects.update(created=DAY)
    _picture_all(made.item)
    return made


def _picture_all(model: Item) -> None:
    """Items that the rooms made without pictures get those of one that has them."""
    pictures = derived("items", model.pk, "")
    for item in Item.objects.filter(state=Item.State.READY):
        folder = derived("items", item.pk, "")
        if not folder.exists():
            shutil.copytree(pictures, folder)


def keep(page, name: str, *, without: str = "time") -> None:
    """A picture of the window, without what moves and without what tells the time."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate("document.activeElement?.blur()")  # where the focus returns to is another test's matter
    check(name, page.screenshot(animations="disabled", mask=[page.locator(without)], mask_color="#808080"))


def ready(page, testid: str) -> None:
    expect(page.get_by_test_id(testid)).to_have_attribute("data-ready", "true", timeout=60_000)


@pytest.mark.browser
def test_the_doors(rooms, window):
    stranger = window()
    stranger.goto("/accounts/login/")
    keep(stranger, "log-in")
    vietnamese = window(locale="vi")
    vietnamese.goto("/accounts/login/")
    keep(vietnamese, "log-in-vi")


@pytest.mark.browser
def test_the_gallery(rooms, window):
    page = window(people.curator(), color_scheme="dark")
    page.goto("/gallery/")
    keep(page, "gallery-dark")
    page = window(people.curator())
    page.goto(rooms.filled("gallery/<int:pk>/"))
    keep(page, "item")


@pytest.mark.browser
def test_the_batches(rooms, window):
    page = window(people.curator())
    page.goto("/batches/")
    keep(page, "batches")
    page.goto(rooms.filled("batches/<int:pk>/"))
    keep(page, "batch")


@pytest.mark.browser
def test_the_card(laid, window):
    page = window(people.owner(), reduced_motion="reduce")
    page.goto(laid.page)
    ready(page, "review")
    keep(page, "review")
    page.keyboard.press("o")
    ready(page, "overlay")
    page.get_by_role("button", name="Difference").click()
    expect(page.get_by_test_id("overlay-canvas")).to_have_attribute("data-painted", "difference")
    keep(page, "overlay")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    ready(page, "viewer-canvas")
    keep(page, "viewer")
    page.keyboard.press("Escape")
    page.emulate_media(color_scheme="dark")
    keep(page, "review-dark")
    vietnamese = window(people.teammate(), locale="vi", reduced_motion="reduce")
    vietnamese.goto(laid.page)
    ready(vietnamese, "review")
    keep(vietnamese, "review-vi")


@pytest.mark.browser
def test_the_reviewers_and_curators_pages(rooms, window):
    for model in (Snapshot, ModelVersion, Release, Evaluation):
        model.objects.update(created=DAY)
    Snapshot.objects.update(digest="e" * 64)
    page = window(people.curator(), reduced_motion="reduce")
    page.goto(rooms.filled("batches/<int:pk>/second/<int:query>/"))
    ready(page, "second-card")
    keep(page, "second-pass")
    page.goto("/dashboard/")
    keep(page, "dashboard", without="[data-testid=chart-day], [data-testid=chart-hour]")
    page.goto("/snapshots/")
    keep(page, "snapshots")
    page.goto("/models/")
    keep(page, "models", without="[data-testid=run-row], [data-testid=release-row]")  # numbers that go on


def test_the_smoothing_of_edges_is_no_difference():
    page = np.full((200, 300, 3), 250, np.uint8)
    page[50:60, 40:200] = 20
    other = np.roll(page, 1, axis=0)
    assert strange(page, other).mean() <= MOST
    assert not strange(page, page - 12).any()


@pytest.mark.parametrize("colour", [20, 190])
def test_a_line_that_is_gone_is_a_difference(colour):
    page = np.full((200, 300, 3), 250, np.uint8)
    other = page.copy()
    other[50:53, 40:200] = colour
    assert strange(page, other).sum() == 3 * 160
    assert strange(page, other).mean() > MOST
