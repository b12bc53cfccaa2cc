"""axe finds nothing serious on any page, in light and dark; and every page is one that it looks at."""

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from tests import people
from tests.browser.light.conftest import TABLET
from tests.browser.light.rooms import addresses, furnish

AXE = django_settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
# Drawn by Swagger, whose own faults are not ours to mend.
STRANGE = {"api/v1/docs/": ".swagger-ui"}
# Files and parts of pages, which these rooms have not.
FILES = {
    "batches/<int:pk>/drawings/<slug:kind>/",
    "batches/<int:pk>/map/points/",
    "map/points/",
    "models/<int:pk>/file/",
    "queries/<int:pk>/<str:version>/<str:name>",
}
PAGES = [
    "accounts/",
    "accounts/login/",
    "accounts/password/",
    "api/v1/docs/",
    "audits/",
    "audits/<int:pk>/",
    "batches/",
    "batches/<int:pk>/",
    "batches/<int:pk>/blind/",
    "batches/<int:pk>/map/",
    "batches/<int:pk>/people/",
    "batches/<int:pk>/review/",
    "batches/<int:pk>/second/",
    "batches/<int:pk>/second/<int:query>/",
    "batches/<int:pk>/settings/",
    "batches/<int:pk>/sure/",
    "batches/new/",
    "dashboard/",
    "gallery/",
    "gallery/<int:pk>/",
    "gallery/import/",
    "gallery/imports/<int:pk>/",
    "hooks/",
    "hooks/<int:pk>/",
    "label-imports/",
    "label-imports/<int:pk>/",
    "map/",
    "models/",
    "models/evaluations/<int:pk>/",
    "models/runs/<int:pk>/",
    "snapshots/",
    "snapshots/<int:number>/",
]


@pytest.fixture
def rooms(laid):
    return furnish(laid, people.curator())


def is_page(answer) -> bool:
    """Whether an answer is a whole page that the app shows, not a part of one, a file or an error."""
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return False
    return b"<!doctype html" in answer.content[:200].lower()


def test_no_page_is_forgotten(rooms):
    browser = people.browser_of(people.curator())
    answers = {one: browser.get(rooms.filled(one)) for one in addresses()}
    assert {one for one, answer in answers.items() if answer.status_code == 404} <= FILES
    found = [one for one, answer in answers.items() if is_page(answer)]
    assert sorted({*found, "accounts/login/"}) == PAGES


def faults(page, exclude: str = "") -> list[str]:
    """What axe finds that keeps people out, one line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "exclude => axe.run(exclude ? {exclude: [[exclude]]} : document, {resultTypes: ['violations']})",
        exclude,
    )
    return [
        f"{one['id']}: {node['target']}: {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_grave_on_any_page(rooms, window, scheme):
    """One window for all pages: an installation is made anew for each test."""
    found = {}
    page = window(people.curator(), color_scheme=scheme)
    for pattern in PAGES:
        if pattern == "accounts/login/":
            continue
        page.goto(rooms.filled(pattern))
        page.wait_for_load_state("networkidle")
        if wrong := faults(page, STRANGE.get(pattern, "")):
            found[pattern] = wrong
    stranger = window(color_scheme=scheme)
    for address in ["/accounts/login/", "/nothing/is/here/"]:
        stranger.goto(address)
        if wrong := faults(stranger):
            found[address] = wrong
    assert not found, "\n".join(line for lines in found.items() for line in (lines[0], *lines[1]))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_grave_on_what_the_review_opens(rooms, window, scheme):
    page = window(people.owner(), color_scheme=scheme)
    page.goto(rooms.desk.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    found = {}

    def look(name):
        if wrong := faults(page):
            found[name] = wrong

    for mode in ["blink", "fade", "difference", "edge"]:
        page.keyboard.press("o" if mode == "blink" else "b")
        expect(page.get_by_test_id("overlay")).to_have_attribute("data-ready", "true")
        expect(page.get_by_test_id("overlay")).to_have_attribute("data-mode", mode)
        look(f"overlay, {mode}")
    page.keyboard.press("Escape")
    for key, dialog in [("f", "find"), ("?", "keys-dialog"), ("v", "viewer")]:
        page.keyboard.press(key)
        expect(page.get_by_test_id(dialog)).to_be_visible()
        if dialog == "viewer":
            canvas = page.get_by_test_id("viewer-canvas")
            expect(canvas).to_have_attribute("data-ready", "true", timeout=60_000)
            page.keyboard.press("h")
        look(dialog)
        page.keyboard.press("Escape")
    assert not found, "\n".join(line for lines in found.items() for line in (lines[0], *lines[1]))


@pytest.mark.browser
def test_no_page_is_wider_than_a_tablet(rooms, window):
    page = window(people.curator(), viewport=TABLET)
    wide = {}
    for pattern in PAGES:
        page.goto(rooms.filled(pattern))
        page.wait_for_load_state("networkidle")
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            wide[pattern] = over
    assert not wide


@pytest.mark.browser
def test_what_has_the_focus_is_seen(rooms, window):
    """Walked through with Tab, everything that takes the focus shows it, and is on the page."""
    page = window(people.curator())
    for pattern in PAGES:
        page.goto(rooms.filled(pattern))
        page.wait_for_load_state("networkidle")
        for _ in range(25):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                  const one = document.activeElement;
                  if (!one || one === document.body) return null;
                  const style = getComputedStyle(one);
                  const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
                  const ring = line || style.boxShadow !== 'none';
                  const near = one.closest('label, .upload-zone') ?? one;
                  const other = getComputedStyle(near);
                  const around = near !== one && other.outlineStyle !== 'none';
                  return { ring: ring || around, what: one.outerHTML.slice(0, 120) };
                }"""
            )
            if seen is None:
                break
            assert seen["ring"], f"{pattern}: {seen['what']}"
