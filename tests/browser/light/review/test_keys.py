"""The review by keys alone: answers, several matches, flags, comments, history, undo, keys of one's own."""

import pytest
from playwright.sync_api import expect

from tests.browser.light.review.reviewing import Sitting
from tests.desk import desk
from webapp.batches.models import Query
from webapp.review.models import Decision, Remark

pytestmark = pytest.mark.browser
PRESS = """document.body.dispatchEvent(new KeyboardEvent("keydown",
    {{ key: "1", code: "Digit1", bubbles: true, cancelable: true, ...{} }}))"""


@pytest.fixture
def table(live_server, owner):
    return desk(owner, queries=12)


@pytest.fixture
def sits(window, owner, table):
    """The owner at the review's first card."""
    page = window(owner)
    yield Sitting(page, owner).open(table)
    assert page.complaints == []


def test_a_whole_batch_by_keyboard_alone(sits, table, owner):
    expected = {}
    for key, verdict, reason in [
        ("Enter", "match", ""),
        (" ", "match", ""),
        ("3", "match", ""),
        ("0", "none", ""),
        ("g", "none", "not_in_gallery"),
        ("d", "none", "damaged"),
        ("c", "none", "bad_crop"),
        ("n", "none", "not_in_unicode"),
        ("q", "unsure", ""),
        ("s", "skip", ""),
        ("5", "match", ""),
    ]:
        expected[sits.answer(key)] = (verdict, reason)
    expected[sits.query] = ("match", "")
    sits.press("2")
    done = sits.page.get_by_test_id("review-done")
    expect(done).to_be_visible()
    expect(done).to_have_attribute("data-skipped", "1")
    sits.saved()
    assert list(expected) == [query.pk for query in table.queries]
    assert {pk: (sits.said(pk).verdict, sits.said(pk).reason) for pk in expected} == expected
    matched = [sits.said(query.pk).item for query in table.queries[:3]]
    assert matched == [table.items[0], table.items[1], table.items[4]]
    assert Decision.objects.count() == len(table.queries)  # each once

    sits.page.keyboard.press("Tab")  # the done page's first button: the second round
    sits.page.keyboard.press("Enter")
    expect(sits.review).to_have_attribute("data-query", str(table.queries[9].pk))
    sits.press("s")  # skipped again: it does not come a third time
    expect(done).to_be_visible()


def test_several_blocks_match_each_with_its_relation(sits, table):
    first = sits.query
    sits.press("m", "1", "3", "4", "4", "r")
    mark = sits.page.get_by_test_id("candidate-mark")
    expect(mark.nth(0)).to_have_text("marked")
    expect(mark.nth(2)).to_have_text("marked: same carving")
    expect(mark.nth(3)).to_be_hidden()
    chosen = sits.page.get_by_test_id("candidate-choose")
    expect(chosen.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(chosen.nth(2)).to_have_accessible_description("marked: same carving")
    sits.answer("Enter")
    sits.saved()
    said = sits.said(first)
    assert (said.item, said.relation) == (table.items[0], "")
    assert [(row.item, row.relation) for row in said.also.all()] == [(table.items[2], "same_carving")]

    sits.press("ArrowLeft")
    expect(mark.nth(2)).to_have_text("also a match: same carving")
    sits.press("m", "3", "5", "Enter")  # one match for another; the first one stays
    sits.saved()
    assert [row.item for row in sits.said(first).also.all()] == [table.items[4]]
    sits.press("u")
    sits.saved()
    assert [row.item for row in sits.said(first).also.all()] == [table.items[2]]


def test_escape_and_m_leave_the_marking(sits):
    button = sits.page.get_by_test_id("several")
    for leave in ("Escape", "m"):
        sits.press("m", "2")
        expect(button).to_have_attribute("aria-pressed", "true")
        sits.press(leave)
        expect(button).to_have_attribute("aria-pressed", "false")
        expect(sits.page.get_by_test_id("candidate-mark").nth(1)).to_be_hidden()
    assert not Decision.objects.exists()


def test_a_flag_and_a_comment_go_with_the_answer(sits):
    query = sits.query
    sits.press("!")
    expect(sits.page.get_by_test_id("flag")).to_have_attribute("aria-pressed", "true")
    sits.press("t")
    sits.page.keyboard.type("the left part is 0 worn")  # digits and letters, no answers
    sits.page.keyboard.press("Control+Enter")
    expect(sits.page.get_by_test_id("remark")).to_be_hidden()
    assert not Remark.objects.exists()
    sits.answer("0")
    sits.saved()
    said = sits.said(query)
    assert (said.comment, said.remark.flag) == ("the left part is 0 worn", True)


def test_a_flag_and_a_comment_without_an_answer_go_alone(sits):
    query = sits.query
    sits.press(";")
    sits.page.keyboard.type("ask Lan")
    sits.page.keyboard.press("Control+Enter")
    sits.press("!", "ArrowRight")
    sits.saved()
    remark = Remark.objects.get()
    assert (remark.query_id, remark.text, remark.flag) == (query, "ask Lan", True)
    assert not Decision.objects.exists()
    sits.press("ArrowLeft", "t")
    expect(sits.page.get_by_test_id("remark")).to_contain_text("ask Lan")


def test_the_strip_leads_back_to_an_earlier_answer(sits, table):
    first, second = sits.answer("1"), sits.answer("0")
    here = sits.query
    one = sits.page.get_by_test_id("past-one")
    expect(one).to_have_count(2)
    expect(one.nth(0)).to_have_accessible_name("00001.png: none of them")
    sits.press("h", "ArrowRight", "Enter")
    expect(sits.review).to_have_attribute("data-query", str(first))
    sits.answer("q")
    expect(sits.review).to_have_attribute("data-query", str(here))  # back to where one was
    expect(one.nth(0)).to_have_accessible_name("00000.png: unsure")
    expect(one).to_have_count(2)
    sits.saved()
    sits.page.reload()
    expect(one).to_have_count(2)  # earlier sessions' answers too
    assert (sits.said(first).verdict, sits.said(second).verdict) == ("unsure", "none")


def test_undo_goes_back_past_a_reload_and_past_fifty(window, owner):
    many = desk(owner, queries=55, name="fifty-five")
    sits = Sitting(window(owner), owner).open(many)
    answered = [sits.answer("1" if place % 2 else "0") for place in range(52)]
    sits.saved()
    sits.page.reload()
    for query in reversed(answered):
        sits.press("u")
        expect(sits.review).to_have_attribute("data-query", str(query))
    expect(sits.page.get_by_test_id("answer-undo")).to_be_disabled()
    sits.saved()
    expect(sits.page.get_by_test_id("review-progress")).to_have_attribute("data-answered", "0")
    assert [sits.said(query) for query in answered] == [None] * len(answered)


def test_a_double_press_is_one_answer(sits):
    first = sits.query
    sits.page.evaluate(f"() => {{ {PRESS.format('{}')}; {PRESS.format('{}')} }}")
    expect(sits.review).not_to_have_attribute("data-query", str(first))
    sits.saved()
    assert Decision.objects.count() == 1
    second = sits.query
    sits.page.keyboard.down("0")  # held down: the keyboard repeats it
    for _ in range(5):
        sits.page.keyboard.down("0")
    sits.page.keyboard.up("0")
    expect(sits.review).not_to_have_attribute("data-query", str(second))
    sits.saved()
    assert Decision.objects.count() == 2


def test_keys_rest_while_an_input_method_composes(sits):
    query = sits.query
    sits.page.evaluate(f"() => {PRESS.format('{ isComposing: true }')}")
    sits.page.evaluate(f"() => {PRESS.format('{ keyCode: 229 }')}")
    sits.press("t")
    field = sits.page.get_by_test_id("remark-text")
    keyboard = sits.page.context.new_cdp_session(sits.page)
    for composed in ("0", "0q", "0qs"):
        at = len(composed)
        keyboard.send("Input.imeSetComposition", {"text": composed, "selectionStart": at, "selectionEnd": at})
    keyboard.send("Input.insertText", {"text": "喃"})
    expect(field).to_have_value("喃")
    sits.page.keyboard.press("Escape")
    expect(sits.page.get_by_test_id("remark")).to_be_hidden()
    assert sits.query == query
    assert not Decision.objects.exists()
    sits.answer("1")  # and then they work again


def test_a_key_is_given_another_one(sits, table):
    page = sits.page
    sits.press("?")
    row = page.get_by_test_id("keys-row").filter(has_text="unsure")
    row.get_by_test_id("keys-change").press("Enter")
    sits.press("d")
    expect(page.get_by_test_id("keys-said")).to_contain_text("D is already used for: none: damaged")
    sits.press("z")
    expect(row.locator("kbd")).to_have_text("Z")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("keys-dialog")).to_be_hidden()
    expect(page.get_by_test_id("answer-unsure").locator("kbd")).to_have_text("Z")
    sits.press("q")  # nobody's now
    assert sits.query == table.queries[0].pk
    page.reload()
    expect(page.get_by_test_id("answer-unsure").locator("kbd")).to_have_text("Z")
    query = sits.answer("z")
    sits.saved()
    assert sits.said(query).verdict == "unsure"
    sits.press("?")
    page.get_by_test_id("keys-reset").press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("answer-unsure").locator("kbd")).to_have_text("Q")


def test_own_keys_are_there_on_every_computer(sits, window, owner, table):
    sits.press("?")
    row = sits.page.get_by_test_id("keys-row").filter(has_text="unsure")
    row.get_by_test_id("keys-change").press("Enter")
    with sits.page.expect_response("**/accounts/keys/"):
        sits.press("z")
    elsewhere = Sitting(window(owner), owner).open(table)
    expect(elsewhere.page.get_by_test_id("answer-unsure").locator("kbd")).to_have_text("Z")
    elsewhere.answer("z")
    elsewhere.saved()
    assert Decision.objects.get().verdict == "unsure"


def test_keys_that_an_older_version_kept_in_the_browser_go_to_the_account(window, owner, table):
    page = window(owner)
    name = f"mocban-keys-{owner.pk}"
    page.add_init_script(f"localStorage.setItem('{name}', '{{\"unsure\": [\"z\"]}}')")
    with page.expect_response("**/accounts/keys/"):
        Sitting(page, owner).open(table)
    expect(page.get_by_test_id("answer-unsure").locator("kbd")).to_have_text("Z")
    owner.refresh_from_db()
    assert owner.shortcuts == {"review": {"unsure": ["z"]}}


PLACES = [  # what a key types, and which key it is
    ("&", "Digit1", "match", ""),  # French
    ("в", "KeyD", "none", "damaged"),  # Russian
    ("ă", "Digit1", "match", ""),  # Vietnamese
    ("Dead", "Digit5", "match", ""),  # Vietnamese: an accent
    ("０", "Digit0", "none", ""),  # full width
    ("G", "KeyG", "none", "not_in_gallery"),  # Caps Lock
    ("Process", "KeyQ", "unsure", ""),  # an input method is on
]


def test_keys_are_known_by_their_place_where_the_character_means_nothing(sits):
    for key, code, verdict, reason in PLACES:
        query = sits.query
        more = f"{{ key: '{key}', code: '{code}', keyCode: {229 if key == 'Process' else 0} }}"
        sits.page.evaluate(f"() => {PRESS.format(more)}")
        expect(sits.review).not_to_have_attribute("data-query", str(query))
        sits.saved()
        answer = sits.said(query)
        assert (answer.verdict, answer.reason) == (verdict, reason), key
        sits.page.wait_for_timeout(200)  # else the next one is the same key, bouncing
    assert Decision.objects.count() == len(PLACES)


def test_arrows_look_through_everything_and_come_back(sits, table):
    sits.answer("1")
    here = sits.query
    sits.press("ArrowLeft")
    assert sits.query == table.queries[0].pk
    expect(sits.page.get_by_test_id("candidate-choose").nth(0)).to_have_attribute("aria-pressed", "true")
    sits.press("ArrowRight", "ArrowRight", "ArrowRight")
    assert sits.query == table.queries[3].pk
    sits.answer("0")
    assert sits.query == table.queries[4].pk
    sits.saved()
    sits.page.goto(table.page)
    assert sits.query == here  # what was passed over comes again


def test_an_address_opens_its_card_and_goes_on_from_there(sits, table):
    sits.open(table, f"?query={table.queries[7].pk}")
    assert sits.answer("1") == table.queries[7].pk
    assert sits.query == table.queries[8].pk


def test_the_order_is_chosen_and_kept_in_the_address(sits, table):
    last = table.queries[-1]
    Query.objects.filter(pk=last.pk).update(margin=-1.0)
    sits.press("w")
    expect(sits.page.get_by_test_id("review-order")).to_be_focused()
    sits.page.get_by_test_id("review-order").select_option("uncertain")
    expect(sits.review).to_have_attribute("data-query", str(last.pk))
    assert "order=uncertain" in sits.page.url
    sits.page.reload()
    expect(sits.page.get_by_test_id("review-order")).to_have_value("uncertain")


@pytest.mark.parametrize("left", ["viewer-canvas", "find-typed", "remark-text"])
def test_a_key_right_after_a_dialog_closed_is_the_pages(sits, left):
    """The browser leaves the focus inside until it paints the next time; the key must reach the card."""
    query = sits.query
    press = "new KeyboardEvent('keydown', { key: '1', code: 'Digit1', bubbles: true, cancelable: true })"
    sits.page.evaluate(f"() => document.getElementById('{left}').dispatchEvent({press})")
    expect(sits.page.locator(f"main[data-ready=true]:not([data-query='{query}'])")).to_be_visible()
    sits.saved()
    assert sits.said(query).verdict == "match"
