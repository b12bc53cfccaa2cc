"""axe finds nothing serious on any page, in light and dark; and every page is one that it looks at."""

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from tests import people
from tests.browser.light.conftest import LAPTOP, TABLET
from tests.browser.light.rooms import addresses, furnish

AXE = django_settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
# Axe's rules that another colour scheme may break: all else is the same in both.
COLOURS = ["color-contrast", "link-in-text-block"]
# Drawn by Swagger, whose own faults are not ours to mend.
STRANGE = {"api/v1/docs/": ".swagger-ui"}
# Files and parts of pages, which these rooms have not.
FILES = {
    "blocks/places/<int:pk>/delete/",
    "blocks/scans/<int:pk>/files/<str:version>/<str:name>",
    "blocks/scans/<int:pk>/tiles/<str:version>/<str:layer>/<int:level>/<int:column>_<int:row>.jpg",
    "batches/<int:pk>/drawings/<slug:kind>/",
    "batches/<int:pk>/map/points/",
    "map/points/",
    "matches/<int:pk>/<str:kind>.webp",
    "models/<int:pk>/file/",
    "queries/<int:pk>/<str:version>/<str:name>",
    "queries/<int:pk>/place/",
    "pages/<int:pk>/<str:version>/thumb.webp",
    "pages/<int:pk>/tiles/<str:version>/<int:level>/<int:column>_<int:row>.jpg",
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
    "blocks/",
    "blocks/<int:pk>/",
    "blocks/<int:pk>/prints/",
    "blocks/new/",
    "blocks/scans/<int:pk>/<str:layer>/",
    "dashboard/",
    "documents/",
    "documents/<int:pk>/",
    "documents/<int:pk>/blocks/",
    "documents/<int:pk>/exchange/",
    "documents/new/",
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
    "pages/<int:pk>/",
    "pages/<int:pk>/blocks/",
    "snapshots/",
    "snapshots/<int:number>/",
    "trash/",
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


def faults(page, exclude: str = "", only: list[str] | None = None) -> list[str]:
    """What axe finds that keeps people out, one line each; by the rules ``only``, where they are named."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        """([exclude, only]) => axe.run(exclude ? {exclude: [[exclude]]} : document, {
            resultTypes: ["violations"], ...(only && {runOnly: only})})""",
        [exclude, only],
    )
    return [
        f"{one['id']}: {node['target']}: {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def faults_by_scheme(page, exclude: str = "") -> list[str]:
    """``faults`` in the light, and its colours in the dark. The page is loaded once: it follows at once."""
    found = []
    for scheme, only in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in faults(page, exclude, only)]
    return found


WALK = """() => {
  globalThis.unseen = [];
  document.addEventListener('focusin', ({ target: one }) => {
    const style = getComputedStyle(one);
    const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const near = one.closest('label, .upload-zone') ?? one;
    const around = near !== one && getComputedStyle(near).outlineStyle !== 'none';
    if (!line && style.boxShadow === 'none' && !around) unseen.push(one.outerHTML.slice(0, 120));
  });
}"""


def unseen_focus(page) -> list[str]:
    """Walked through with Tab, what takes the focus and does not show it."""
    page.evaluate(WALK)
    for _ in range(25):
        page.keyboard.press("Tab")
    return [f"no focus seen: {what}" for what in page.evaluate("() => unseen")]


def listing(found: dict[str, list[str]]) -> str:
    return "\n".join(line for name, lines in found.items() for line in (name, *lines))


@pytest.mark.browser
def test_every_page_is_open_to_all(rooms, window):
    """Each page is loaded once: nothing grave in light or dark, the focus is seen, and a tablet holds it."""
    found = {}
    page = window(people.curator(), reduced_motion="reduce")
    for pattern in PAGES:
        if pattern == "accounts/login/":
            continue
        page.set_viewport_size(LAPTOP)
        page.emulate_media(color_scheme="light")
        page.goto(rooms.filled(pattern))
        page.wait_for_load_state("networkidle")
        wrong = unseen_focus(page) + faults_by_scheme(page, STRANGE.get(pattern, ""))
        page.set_viewport_size(TABLET)
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            wrong.append(f"{over} pixels wider than a tablet")
        if wrong:
            found[pattern] = wrong
    stranger = window(reduced_motion="reduce")
    for address in ["/accounts/login/", "/nothing/is/here/"]:
        stranger.goto(address)
        if wrong := unseen_focus(stranger) + faults_by_scheme(stranger):
            found[address] = wrong
    assert not found, listing(found)


@pytest.mark.browser
def test_nothing_grave_on_what_the_review_opens(rooms, window):
    page = window(people.owner(), reduced_motion="reduce")
    page.goto(rooms.desk.page)
    expect(page.get_by_test_id("review")).to_have_attribute("data-ready", "true")
    found = {}

    def look(name):
        if wrong := faults_by_scheme(page):
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
    assert not found, listing(found)
