"""Pages in a real browser without workers: Django's own live server, rows from factories."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page

from tests import meshes, people
from tests.browser.conftest import SCREENSHOTS, failed
from tests.desk import Desk, desk
from webapp.core.files.media import derived

LAPTOP = {"width": 1366, "height": 768}
TABLET = {"width": 1024, "height": 768}


def pytest_collection_modifyitems(items):
    """Empty the tables after a test without setting up every app anew: a tenth of a second each time."""
    folder = Path(__file__).parent
    result = pytest.mark.django_db(transaction=True, available_apps=django_settings.INSTALLED_APPS)
    for item in items:
        if folder in item.path.parents and item.get_closest_marker("browser"):
            item.add_marker(result)


@pytest.fixture
def laid(transactional_db) -> Desk:
    """The owner's desk: a batch of six prints, each with five suggestions, with blocks to turn."""
    made = desk(people.owner(), queries=6, items=6)
    for seed, item in enumerate(made.items):
        block = meshes.relief(seed, 64, mirrored=False, scale=2.0)
        derived("items", item.pk, "viewer.glb").write_bytes(meshes.glb(*block))
    return made


@pytest.fixture
def window(chromium, live_server, request) -> Callable[..., Page]:
    """Opens a browser window of ``user`` (None: a stranger), with Playwright's own context ``options``."""
    contexts = []

    def opened(user=None, **options) -> Page:
        options = {"viewport": LAPTOP, "locale": "en", "base_url": live_server.url, **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        if user is not None:
            session = people.browser_of(user).cookies[django_settings.SESSION_COOKIE_NAME].value
            cookie = {
                "name": django_settings.SESSION_COOKIE_NAME,
                "value": session,
                "url": live_server.url,
            }
            context.add_cookies([cookie])
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(f"error: {error}"))
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        return page

    yield opened
    for number, context in enumerate(contexts):
        for page in context.pages if failed(request.node) else ():
            name = re.sub(r"[^A-Za-z0-9]+", "-", f"{request.node.name}-{number}")
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png")
        context.close()
