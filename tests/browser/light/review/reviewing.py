"""Somebody at the review page."""

from dataclasses import dataclass
from time import monotonic

from playwright.sync_api import Page, expect

from tests.desk import Desk
from webapp.accounts.models import User
from webapp.batches.models import Query
from webapp.review.answering.selectors import decision_for
from webapp.review.models import Decision

BOUNCE = 150  # milliseconds after which the same key is another press
ALIKE = {" ": "Enter"}  # keys of one action


@dataclass(frozen=True)
class Sitting:
    """Somebody at the review page. Keys alone; what is looked at is what they would see."""

    page: Page
    user: User

    @property
    def review(self):
        return self.page.get_by_test_id("review")

    @property
    def query(self) -> int:
        """The query before them."""
        expect(self.review).to_have_attribute("data-ready", "true")
        return int(self.review.get_attribute("data-query"))

    def open(self, desk: Desk, more: str = "") -> "Sitting":
        self.page.goto(desk.page + more)
        expect(self.review).to_have_attribute("data-ready", "true")
        return self

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as fast as a machine: but not the same one twice in a bounce."""
        for key in keys:
            last, at = getattr(self.page, "pressed", ("", 0.0))
            if ALIKE.get(key, key) == ALIKE.get(last, last):
                self.page.wait_for_timeout(max(0, BOUNCE - 1000 * (monotonic() - at)))
            self.page.keyboard.press(key)
            self.page.pressed = (key, monotonic())
            self.page.evaluate("() => new Promise(requestAnimationFrame)")  # what it did is on the page

    def answer(self, key: str) -> int:
        """Answer the query shown with a key, and wait for the next one. Returns the one answered."""
        query = self.query
        self.press(key)
        expect(self.page.locator(f"main[data-ready=true]:not([data-query='{query}'])")).to_be_visible()
        return query

    def saved(self, within: float = 15) -> None:
        """All is at the server, at the latest after so many seconds."""
        state = self.page.get_by_test_id("save-state")
        expect(state).to_have_attribute("data-waiting", "0", timeout=1000 * within)
        expect(state).to_have_attribute("data-state", "saved")

    def said(self, query: int) -> Decision | None:
        """What the server holds of theirs."""
        return decision_for(Query.objects.get(pk=query), self.user)

    def tab(self) -> "Sitting":
        """Another tab of the same window."""
        return Sitting(self.page.context.new_page(), self.user)
