"""The small picture in a candidate's corner: which answered print drew it nearer."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.light.review.reviewing import Sitting
from tests.desk import desk
from webapp.search.models import Suggestion

pytestmark = pytest.mark.browser


def test_a_candidate_tells_which_answered_picture_it_is_like(live_server, window, owner):
    made = desk(owner, queries=3)
    named = f"Answer for {made.queries[2].name}"
    Suggestion.objects.filter(query=made.queries[0], rank=1).update(exemplar=made.queries[2])
    page = Sitting(window(owner), owner).open(made).page
    first, second = page.get_by_test_id("candidate").nth(0), page.get_by_test_id("candidate").nth(1)
    mark = first.get_by_test_id("candidate-as")
    expect(mark).to_be_visible()
    expect(mark).to_have_attribute("title", named)
    expect(mark.locator("img")).to_have_js_property("naturalWidth", 256)
    choose = first.get_by_test_id("candidate-choose")
    expect(choose).to_have_attribute("aria-description", re.compile(re.escape(named)))
    expect(second.get_by_test_id("candidate-as")).to_be_hidden()
    assert page.complaints == []
