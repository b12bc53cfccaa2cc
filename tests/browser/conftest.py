"""Running installations, and a browser to walk them with."""

import os
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import meshes
from tests.browser.client import until
from tests.browser.stack import PASSWORD, Stack
from tests.services import running_postgres, running_redis
from webapp.config.env import ROOT

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = ROOT / "build" / "screenshots"
CHARACTERS = "一丁七上下不世中主久乎九也亂事二五交亦人今他令以"
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--password-store=basic",
    # The same letters wherever the tests run: how a system would fit them to its pixels is its own affair.
    "--font-render-hinting=none",
    "--disable-font-subpixel-positioning",
    "--disable-lcd-text",
]


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own hook of this name
def pytest_collection_modifyitems(config, items):
    """What stands on a running installation is marked so; with several processes, one drives each of them."""
    elsewhere = [item for item in items if not _is_here(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if _is_here(item)]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("stack")
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def _is_here(item) -> bool:
    """Whether the test is to walk this installation: what would say the same on both names one of them."""
    one = item.get_closest_marker("installation")
    return one is None or _installation(item) in (None, *one.args)


def _group(item) -> str:
    """Tests of one installation go together, and those of one file that need a browser alone."""
    installation = _installation(item)
    return f"installation {installation}" if installation else f"browser {item.path.stem}"


def _installation(item) -> str | None:
    return item.callspec.params.get("stack") if hasattr(item, "callspec") else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[_REPORTS] = [*item.stash.get(_REPORTS, []), report]
    return report


_REPORTS = pytest.StashKey[list]()


def failed(item) -> bool:
    """Whether the test, as far as it has come, went wrong: then what it showed is kept."""
    return any(report.failed for report in item.stash.get(_REPORTS, []))


@pytest.fixture(scope="package", params=["embedded", pytest.param("on_services", marks=pytest.mark.services)])
def stack(request, tmp_path_factory):
    """A running installation: first with nothing configured, then on PostgreSQL and Redis.

    TEST_INSTALLATION="folder port" names one that was started by hand, to try a test again and again.
    """
    if running := os.environ.get("TEST_INSTALLATION"):
        folder, port = running.split()
        yield Stack(Path(folder), port=int(port))
        return
    with ExitStack() as servers:
        settings = {}
        if request.param == "on_services":
            settings["MOCBAN_DATABASE_URL"] = servers.enter_context(running_postgres())
            settings["MOCBAN_BROKER_URL"] = servers.enter_context(running_redis())
        stack = Stack(tmp_path_factory.mktemp(request.param), settings, tables=not settings)
        servers.callback(stack.kill)
        yield stack.start()


@pytest.fixture(scope="package")
def gallery(stack) -> list[dict]:
    """The blocks of two dozen characters, imported by the API; seed and character of each by its name."""
    client = stack.client()
    files = [(f"{seed:02}.stl", meshes.block(seed, cells=48)) for seed in range(len(CHARACTERS))]
    sent = client.send("/api/v1/items/", files)
    assert sent.status in {200, 201, 202}, sent.body
    return until(lambda: _ready_items(client, len(files)), within=240, what="the gallery is ready")


def _ready_items(client, count):
    items = [
        item
        for item in client.all("/api/v1/items/?page_size=500")
        if re.fullmatch(r"\d\d\.stl", item["name"])
    ]
    return items if len(items) >= count and all(item["state"] == "ready" for item in items) else None


@pytest.fixture(scope="package")
def chromium():
    """A Chromium of the system's, headless, gone before the tests of other rooms begin."""
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(request, chromium, stack):
    """A fresh browser window on the installation; what it showed is kept when the test fails."""
    context = chromium.new_context(base_url=stack.url, viewport={"width": 1280, "height": 800}, locale="en")
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}") if m.type == "error" else None)
    page.complaints = complaints
    yield page
    if failed(request.node):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name)}.png")
    context.close()


@pytest.fixture
def logged_in(page):
    """The same window, logged in as the curator."""
    log_in(page, "curator", PASSWORD)
    return page


def log_in(page, name, password):
    """Log in as a person does."""
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/batches/")
