"""Confirming together by keys, accepting the sure ones and taking them back, the dashboard and the map."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.desk import desk
from webapp.batches.models import Query
from webapp.overview.maps.drawings import drawing_path, path_of
from webapp.overview.maps.services import drawing_finish, map_request
from webapp.overview.models import Drawing
from webapp.review.models import Decision
from webapp.search.models import Suggestion

pytestmark = pytest.mark.browser


@pytest.fixture
def full(transactional_db):
    """A desk of 24 prints and four blocks: four groups of six, none of them blind."""
    made = desk(people.owner(), queries=24, items=4)
    made.batch.blind_share = 0
    made.batch.save()
    for place, query in enumerate(made.queries):
        confidence = 0.5 + 0.02 * place
        Suggestion.objects.filter(query=query, rank=1).update(confidence=confidence)
    return made


@pytest.fixture
def page(window, full):
    return window(people.owner())


def answers():
    """Each query's item, as it stands."""
    words = Decision.objects.order_by("pk").values_list("query", "verdict", "item")
    last = {query: (verdict, item) for query, verdict, item in words}
    return {query: item for query, (verdict, item) in last.items() if verdict == "match"}


def pressed(page, *keys):
    for key in keys:
        page.keyboard.press(key)


class TestGrid:
    def test_a_group_is_confirmed_by_keys_without_what_was_picked_out(self, page, full):
        page.goto(f"/batches/{full.batch.pk}/sure/")
        groups, actions = page.get_by_test_id("bulk-group"), page.get_by_test_id("bulk-action")
        expect(groups).to_have_count(4)
        tiles = groups.first.get_by_test_id("bulk-tile")
        expect(tiles.first).to_be_focused()
        wrong = [int(tiles.nth(place).get_attribute("data-query")) for place in (1, 3)]
        pressed(page, "ArrowRight", "x", "ArrowRight", "ArrowRight", "Space")
        expect(tiles.nth(1)).to_have_attribute("aria-pressed", "true")
        expect(tiles.nth(3)).to_have_attribute("aria-pressed", "true")
        expect(groups.first.get_by_test_id("bulk-confirm")).to_contain_text("Confirm these 4")
        item = int(groups.first.get_attribute("data-item"))
        pressed(page, "Enter", "Enter")  # the second one is a bounce, and confirms nothing unseen
        expect(actions).to_have_count(1)
        expect(actions.first).to_contain_text("4 answers confirmed; 2 marked wrong")
        expect(groups.first).to_have_attribute("data-state", "done")
        expect(groups.nth(1)).to_have_attribute("data-state", "open")
        expect(groups.nth(1).get_by_test_id("bulk-tile").first).to_be_focused()
        assert set(answers().values()) == {item}
        assert len(answers()) == 4
        assert not answers().keys() & set(wrong)
        assert page.complaints == []

    def test_it_is_taken_back_by_a_key_and_all_are_looked_through(self, page, full):
        page.goto(f"/batches/{full.batch.pk}/sure/")
        first = page.get_by_test_id("bulk-group").first
        pressed(page, "Enter")
        expect(page.get_by_test_id("bulk-action")).to_have_count(1)
        pressed(page, "u")
        expect(page.get_by_test_id("bulk-action")).to_have_attribute("data-state", "undone")
        expect(page.get_by_test_id("bulk-action")).to_contain_text("6 answers undone")
        assert answers() == {}
        expect(first).to_have_attribute("data-state", "open")
        expect(first.get_by_test_id("bulk-tile").first).to_be_focused()
        for count in range(1, 5):
            page.wait_for_timeout(450)  # as long as a second Enter is taken for a bounce
            pressed(page, "Enter")
            expect(page.locator('[data-testid=bulk-action][data-state="done"]')).to_have_count(count)
        expect(page.get_by_test_id("sure-done")).to_be_visible()
        assert len(answers()) == 24

    def test_arrows_go_up_and_down_and_a_picks_out_the_rest(self, page, full):
        page.goto(f"/batches/{full.batch.pk}/sure/")
        groups = page.get_by_test_id("bulk-group")
        pressed(page, "ArrowRight", "ArrowRight", "ArrowDown")
        third = groups.nth(1).get_by_test_id("bulk-tile").nth(2)
        expect(third).to_be_focused()
        pressed(page, "a")
        expect(groups.nth(1).locator('[aria-pressed="true"]')).to_have_count(4)
        pressed(page, "a", "ArrowUp")
        expect(groups.nth(1).locator('[aria-pressed="true"]')).to_have_count(0)
        expect(groups.first.get_by_test_id("bulk-tile").nth(2)).to_be_focused()
        pressed(page, "?")
        expect(page.get_by_test_id("keys-dialog")).to_be_visible()
        pressed(page, "Escape", "n")
        expect(groups.nth(1).get_by_test_id("bulk-tile").first).to_be_focused()

    def test_a_group_that_could_not_be_saved_stays_and_is_the_same_action(self, page, full):
        page.goto(f"/batches/{full.batch.pk}/sure/")
        page.context.set_offline(True)
        pressed(page, "Enter")
        expect(page.get_by_test_id("toast")).to_contain_text("Not saved yet")
        group = page.get_by_test_id("bulk-group").first
        expect(group).to_have_attribute("data-state", "open")
        page.context.set_offline(False)
        page.wait_for_timeout(450)
        pressed(page, "Enter")
        expect(group).to_have_attribute("data-state", "done")
        assert len(answers()) == Decision.objects.count() == 6


class TestThreshold:
    def test_the_sure_ones_are_accepted_and_taken_back(self, page, full):
        factories.decision(full.queries[20], people.teammate(), item=full.items[20 % 4])
        page.goto(f"/batches/{full.batch.pk}/sure/?by=confidence")
        slider, accept = page.get_by_test_id("threshold"), page.get_by_test_id("sure-accept")
        slider.focus()
        slider.fill("160")  # 0.8: queries 15 to 23, of which one is answered
        expect(page.get_by_test_id("sure-least")).to_have_text("0.800")
        expect(page.get_by_test_id("sure-open")).to_have_text("8")
        expect(page.get_by_test_id("sure-expected")).to_have_text("88 %")
        expect(page.get_by_test_id("sure-measured")).to_contain_text("100 % (21 % – 100 %)")
        pressed(page, "ArrowRight")
        expect(page.get_by_test_id("sure-open")).to_have_text("7")
        pressed(page, "ArrowLeft")
        expect(accept).to_have_text("Accept these 8")
        accept.click()
        action = page.get_by_test_id("bulk-action")
        expect(action).to_contain_text("8 answers accepted at 0.800 or more")
        expect(accept).to_be_disabled()
        assert len(answers()) == 9
        changed = full.queries[22]
        factories.decision(changed, people.teammate(), verdict="none")
        page.get_by_test_id("bulk-action-undo").click()
        expect(action).to_contain_text("7 answers undone; 1 stays because it changed since")
        expect(action).to_have_attribute("data-state", "undone")
        expect(accept).to_have_text("Accept these 7")
        assert Query.objects.get(pk=changed.pk).answered
        page.reload()
        expect(page.get_by_test_id("bulk-action")).to_contain_text("7 answers undone; 1 stay")
        assert page.complaints == []


class TestDashboard:
    def test_tells_parts_and_charts(self, page, full):
        for query in full.queries[:3]:
            factories.decision(query, people.owner(), item=full.items[0])
        page.goto("/batches/")
        page.get_by_test_id("dashboard-link").click()
        expect(page.get_by_test_id("today-mine")).to_have_text("3")
        row = page.get_by_test_id("dash-batch")
        expect(row.get_by_test_id("parts-bar")).to_have_attribute("data-answered", "3")
        expect(row.get_by_test_id("parts-bar")).to_have_attribute("data-suggested", "21")
        expect(page.get_by_test_id("chart-day").locator("rect").last).to_be_visible()
        page.get_by_test_id("chart-rank").locator("summary").click()
        expect(page.get_by_test_id("chart-rank").get_by_role("cell").first).to_be_visible()
        expect(page.get_by_test_id("jobs-waiting")).to_have_text("0")
        row.get_by_role("link").click()
        expect(page.get_by_test_id("sure-link")).to_be_visible()
        assert page.complaints == []


class TestMap:
    @pytest.fixture
    def drawn(self, full):
        """The batch's map: its pictures in a square of five by five, the blocks in one corner."""
        factories.release()
        grid = [[2000 * (place % 5), 2000 * (place // 5)] for place in range(24)]
        body = {
            "fingerprint": "f" * 64,
            "queries": {"ids": [query.pk for query in full.queries], "places": grid},
            "items": {"ids": [item.pk for item in full.items], "places": [[9900, 9900]] * 4},
        }
        path = drawing_path(full.batch.pk, "map")
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(body))
        drawing = Drawing.objects.create(batch=full.batch, kind="map")
        drawing_finish(drawing=drawing, fingerprint="f" * 64, queries=0, items=4)

    def test_a_click_opens_the_card(self, page, full, drawn):
        canvas = self.opened(page, full)
        pressed(page, "ArrowUp")
        expect(canvas).not_to_have_attribute("data-picked", "")
        picked, (x, y) = canvas.get_attribute("data-picked"), self.at(canvas)
        canvas.hover(position={"x": x, "y": y})
        name = Query.objects.get(pk=picked[1:]).name
        expect(page.get_by_test_id("map-point")).to_contain_text(name)
        canvas.click(position={"x": x, "y": y})
        page.wait_for_url(re.compile(rf"/review/\?query={picked[1:]}$"))
        expect(page.get_by_test_id("review")).to_have_attribute("data-query", picked[1:])
        assert page.complaints == []

    def test_on_a_map_of_several_batches_a_click_opens_the_card_of_its_own(self, page, full):
        other = factories.batch(people.owner(), name="Page 14")
        batches, queries = [full.batch, other], full.queries[:2]
        Query.objects.filter(pk=queries[1].pk).update(batch=other)
        factories.release()
        drawing = map_request(batches=[batch.pk for batch in batches])
        body = {
            "fingerprint": "f" * 64,
            "queries": {"ids": [query.pk for query in queries], "places": [[0, 0], [9000, 9000]]},
            "items": {"ids": [], "places": []},
        }
        path_of(drawing).parent.mkdir(parents=True)
        path_of(drawing).write_text(json.dumps(body))
        drawing_finish(drawing=drawing, fingerprint="f" * 64, queries=0, items=0)
        page.goto("/dashboard/")
        page.get_by_test_id("maps-link").click()
        canvas = page.get_by_test_id("map-canvas")
        expect(canvas).to_have_attribute("data-ready", "true")
        page.get_by_test_id("maps-choice").locator("summary").click()
        expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
        canvas.focus()
        pressed(page, "ArrowRight")
        expect(canvas).to_have_attribute("data-picked", f"q{queries[1].pk}")
        expect(page.get_by_test_id("map-point")).to_contain_text("Page 14: unanswered")
        x, y = self.at(canvas)
        canvas.click(position={"x": x, "y": y})
        page.wait_for_url(f"**/batches/{other.pk}/review/?query={queries[1].pk}")
        assert page.complaints == []

    def test_keys_go_from_point_to_point_zoom_and_open(self, page, full, drawn):
        canvas = self.opened(page, full)
        start = canvas.get_attribute("data-picked")
        pressed(page, "ArrowRight")
        expect(canvas).not_to_have_attribute("data-picked", start)
        expect(page.get_by_test_id("map-near").get_by_role("link")).to_have_count(8)
        pressed(page, "ArrowLeft")
        expect(canvas).to_have_attribute("data-picked", start)
        pressed(page, "+", "+")
        expect(canvas).to_have_attribute("data-zoom", "2.56")
        pressed(page, "0")
        expect(canvas).to_have_attribute("data-zoom", "1.00")
        before = canvas.get_attribute("data-at")
        pressed(page, "+", "Shift+ArrowRight")
        expect(canvas).not_to_have_attribute("data-at", before)
        page.get_by_label("character").check()
        expect(page.get_by_test_id("map-legend")).to_contain_text("other or none")
        canvas.focus()
        picked = canvas.get_attribute("data-picked")
        pressed(page, "Enter")
        page.wait_for_url(re.compile(rf"/review/\?query={picked[1:]}$"))
        assert page.complaints == []

    def opened(self, page, full):
        page.goto(f"/batches/{full.batch.pk}/map/")
        canvas = page.get_by_test_id("map-canvas")
        expect(canvas).to_have_attribute("data-ready", "true")
        canvas.focus()
        expect(canvas).to_have_attribute("data-picked", re.compile("q"))
        return canvas

    def at(self, canvas):
        return [int(word) for word in canvas.get_attribute("data-at").split(",")]
