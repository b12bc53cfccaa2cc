"""Light or dark: what was chosen is in the first bytes of every page, so that nothing flashes."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.markup import markup
from webapp.config.env import ROOT
from webapp.core.pages.theme import COOKIE, THEMES

DARK = re.compile(r'<link rel="stylesheet" href="[^"]*dist/dark.css"([^>]*)>')
pytestmark = pytest.mark.django_db


def page(client, address="/accounts/login/"):
    return markup(client.get(address))


def choose(client, theme, referer="http://testserver/accounts/login/?next=/gallery/"):
    return client.post(reverse("core:theme"), {"theme": theme}, headers={"referer": referer})


def test_without_a_choice_it_is_the_system_s():
    page_text = page(Client())
    assert 'data-theme="system"' in page_text
    assert DARK.search(page_text)[1] == ' media="(prefers-color-scheme: dark)"'


@pytest.mark.parametrize(("theme", "dark"), [("dark", True), ("light", False)])
def test_a_choice_is_kept_and_shown_everywhere(browse, owner, theme, dark):
    client = browse(owner)
    done = choose(client, theme)
    assert done.url == "http://testserver/accounts/login/?next=/gallery/"
    cookie = done.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    for address in ("/batches/", "/gallery/", "/nothing/is/here/"):
        page_text = page(client, address)
        assert f'data-theme="{theme}"' in page_text
        assert f'<meta name="color-scheme" content="{theme}">' in page_text
        assert bool(DARK.search(page_text)) is dark
    assert f'value="{theme}" aria-pressed="true"' in page(client, "/batches/")
    choose(client, "system")
    assert 'data-theme="system"' in page(client, "/batches/")


@pytest.mark.parametrize("word", ["", "purple", "x" * 5000, '"><script>'])
def test_what_is_no_theme_is_the_system_s(word):
    client = Client()
    assert choose(client, word).status_code == 302
    client.cookies[COOKIE] = word
    assert 'data-theme="system"' in page(client)


@pytest.mark.parametrize("referer", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_it_leads_nowhere_else(referer):
    assert choose(Client(), "dark", referer).url == "/"


def test_every_dark_colour_follows_the_choice():
    """Colours that ask the system in a style sheet of their own would not."""
    asks = [path.name for path in (ROOT / "static/css").rglob("*.css") if "prefers-color" in path.read_text()]
    assert asks == []
    tokens = {
        path: set(re.findall(r"(--[a-z0-9-]+):", (ROOT / "static/css" / path).read_text()))
        for path in ("dark.css", "tokens.css", "components/content/chart.css")
    }
    assert tokens["dark.css"] <= tokens["tokens.css"] | tokens["components/content/chart.css"]


def test_the_themes_are_those_the_page_knows():
    assert [value for value, _ in THEMES] == ["system", "light", "dark"]
