"""Light or dark by the account menu, whatever the system says."""

import pytest
from playwright.sync_api import expect

from tests import people

pytestmark = pytest.mark.browser
PAPER = {"light": "rgb(246, 241, 230)", "dark": "rgb(23, 20, 16)"}


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light")])
def test_the_choice_wins_over_the_system(transactional_db, window, system, chosen):
    page = window(people.owner(), color_scheme=system)
    page.goto("/gallery/")
    html = page.locator("html")
    expect(html).to_have_css("background-color", PAPER[system])
    page.get_by_test_id("account-menu").locator("summary").click()
    page.get_by_test_id("themes").get_by_role("button", name=chosen.title()).click()
    expect(html).to_have_attribute("data-theme", chosen)
    assert page.url.endswith("/gallery/")
    expect(html).to_have_css("background-color", PAPER[chosen])
    expect(html).to_have_css("color-scheme", chosen)
    page.goto("/batches/")
    expect(html).to_have_css("background-color", PAPER[chosen])
    page.get_by_test_id("account-menu").locator("summary").click()
    page.get_by_test_id("themes").get_by_role("button", name="System").click()
    expect(html).to_have_css("background-color", PAPER[system])
    assert page.complaints == []
