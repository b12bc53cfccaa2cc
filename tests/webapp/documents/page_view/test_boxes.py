"""The doors of the page view: boxes and their edits."""

from uuid import uuid4

import pytest

from tests import factories
from tests.webapp.documents.rows import jobs, places
from webapp.batches.models import Query
from webapp.jobs.models import Job
from webapp.pages.models import Box

pytestmark = pytest.mark.django_db


class TestWhatIsShown:
    def test_boxes_with_what_was_found_and_said(self, view, page, column, owner):
        item, other = factories.item(character="人"), factories.item(character="入")
        factories.suggestions(column[0].query, [item])
        factories.suggestions(column[1].query, [other, item])
        factories.decision(column[1].query, owner, item=item)
        Box.objects.filter(pk=column[3].pk).update(not_character=True)
        body = view(owner).get()
        assert [box["state"] for box in body["boxes"]] == [
            "suggested",
            "answered",
            "waiting",
            "not_character",
        ]
        assert [box["suggested"] for box in body["boxes"]] == ["人", "入", "", ""]
        assert [box["character"] for box in body["boxes"]] == ["", "人", "", ""]
        assert (
            body["boxes"][0]["card"]
            == f"/batches/{page.document.batch_id}/review/?query={column[0].query_id}"
        )
        assert body["tiles"].endswith("{level}/{column}_{row}.jpg")
        assert (body["version"], body["width"], body["height"], body["can_edit"]) == (1, 400, 600, True)
        assert body["jobs"] == {"waiting": 1}

    def test_a_blind_card_s_suggestion_would_lead(self, view, page, column, owner):
        factories.suggestions(column[0].query, [factories.item(character="人")])
        type(page.document.batch).objects.update(blind_share=100)
        assert view(owner).get()["boxes"][0]["suggested"] == ""
        factories.decision(column[0].query, owner, verdict="unsure")
        assert view(owner).get()["boxes"][0]["suggested"] == "人"

    def test_answers_that_are_hidden_from_each_other_stay_so(self, view, page, column, teammate, owner):
        type(page.document.batch).objects.update(hidden=True, wanted=2)
        query, item = column[0].query, factories.item(character="人")
        factories.decision(query, teammate, item=item)
        assert view(owner).get()["boxes"][0]["character"] == ""
        factories.decision(query, owner, item=item)
        assert view(owner).get()["boxes"][0]["character"] == "人"

    @pytest.mark.parametrize("count", [2, 60])
    def test_however_many_boxes_the_database_is_asked_as_often(
        self, view, page, owner, count, django_assert_max_num_queries
    ):
        item = factories.item(character="人")
        for row in range(count):
            box = factories.box(page, at=(300, 5 + 9 * row), matched=row % 2 == 0)
            if box.query:
                factories.suggestions(box.query, [item])
                factories.decision(box.query, owner, item=item)
        viewer = view(owner)
        with django_assert_max_num_queries(14):
            assert len(viewer.get()["boxes"]) == count
        with django_assert_max_num_queries(14):
            viewer.get("changes", since=0)


def test_boxes_that_people_deleted_are_listed_the_last_first_and_come_back(view, page, column, owner):
    viewer = view(owner)
    for box in column[:2]:
        viewer.edit({"op": "delete", "boxes": [box.pk]})
    Box.objects.filter(pk=column[3].pk).update(deleted=page.created)  # found no more by the localiser
    assert [box["id"] for box in viewer.get("deleted")["boxes"]] == [column[1].pk, column[0].pk]
    viewer.edit({"op": "restore", "boxes": [column[0].pk]})
    assert [box["id"] for box in viewer.get("deleted")["boxes"]] == [column[1].pk]
    assert column[0].pk in [box["id"] for box in viewer.get()["boxes"]]


class TestEdits:
    def test_a_box_is_moved_and_cut_out_again_and_it_alone(self, view, page, column, owner):
        viewer = view(owner)
        body = viewer.edit({"op": "move", "box": column[0].pk, "x": 302, "y": 21, "w": 41, "h": 39})
        (changed,) = body["boxes"]
        assert (changed["x"], changed["y"], changed["w"], changed["h"]) == (302, 21, 41, 39)
        assert (changed["source"], changed["score"], changed["moved"]) == ("person", None, False)
        assert (body["version"], body["removed"]) == (2, [])
        assert jobs("boxes.crop") == [{"page": page.pk, "boxes": [column[0].pk]}]
        assert Job.objects.get(kind="boxes.crop").queue == "interactive"

    def test_a_box_is_clipped_to_its_page(self, view, column, owner):
        viewer = view(owner)
        (box,) = viewer.edit({"op": "move", "box": column[0].pk, "x": -9, "y": 20, "w": 40, "h": 40})["boxes"]
        assert (box["x"], box["w"]) == (0, 31)

    @pytest.mark.parametrize(
        ("place", "code"),
        [
            ({"x": 900, "y": 20, "w": 40, "h": 40}, "box_outside"),
            ({"x": 90, "y": 20, "w": 1, "h": 40}, "box_too_small"),
            ({"x": 90, "y": 20, "w": -50, "h": 40}, "box_too_small"),
            ({"x": 90, "y": 20, "w": float("nan"), "h": 40}, "bad_json"),
            ({"x": 90, "y": 20, "w": 40}, "bad_json"),
        ],
    )
    def test_a_place_that_is_none_is_refused(self, view, page, column, owner, place, code):
        viewer = view(owner)
        assert viewer.edit({"op": "move", "box": column[0].pk, **place})["code"] == code
        assert viewer.status == 400
        page.refresh_from_db()
        assert page.version == 1

    def test_a_missed_character_comes_into_its_column(self, view, page, column, owner):
        body = view(owner).edit({"op": "add", "x": 301, "y": 95, "w": 38, "h": 20})
        (added,) = body["boxes"]
        assert (added["column"], added["state"], added["source"]) == (1, "waiting", "person")
        assert [pk for pk, *_ in places(page)].index(added["id"]) == 2

    def test_a_character_of_a_new_column_counts_the_others_further(self, view, page, column, owner):
        left = factories.box(page, at=(100, 20), column=2, order=9.0)
        body = view(owner).edit({"op": "add", "x": 200, "y": 20, "w": 40, "h": 40})
        by_id = {box["id"]: box for box in body["boxes"]}
        added = next(box for pk, box in by_id.items() if pk != left.pk)
        assert (added["column"], by_id[left.pk]["column"]) == (2, 3)
        assert column[3].order < added["order"] < left.order

    def test_a_character_is_added_behind_another(self, view, page, column, owner):
        (added,) = view(owner).edit(
            {"op": "add", "x": 10, "y": 500, "w": 40, "h": 40, "after": column[0].pk}
        )["boxes"]
        assert column[0].order < added["order"] < column[1].order

    def test_a_deleted_box_goes_and_comes_back_with_its_answers(self, view, page, column, owner):
        query = column[0].query
        factories.decision(query, owner, item=factories.item(character="人"))
        viewer = view(owner)
        assert viewer.edit({"op": "delete", "boxes": [column[0].pk]})["removed"] == [column[0].pk]
        assert not Query.objects.filter(pk=query.pk).exists()
        assert column[0].pk not in [box["id"] for box in viewer.get()["boxes"]]
        (back,) = viewer.edit({"op": "restore", "boxes": [column[0].pk]})["boxes"]
        assert (back["state"], back["character"]) == ("answered", "人")
        assert Query.objects.filter(pk=query.pk).exists()

    def test_what_is_no_character_is_dealt_to_nobody(self, view, column, owner):
        viewer = view(owner)
        (box,) = viewer.edit({"op": "not_character", "boxes": [column[0].pk]})["boxes"]
        assert (box["state"], box["card"]) == ("not_character", None)
        assert not Query.objects.filter(pk=column[0].query_id).exists()
        viewer.edit({"op": "not_character", "boxes": [column[0].pk], "value": False})
        assert Query.objects.filter(pk=column[0].query_id).exists()

    def test_two_are_merged_into_the_first(self, view, column, owner):
        body = view(owner).edit({"op": "merge", "boxes": [column[1].pk, column[0].pk]})
        (box,) = body["boxes"]
        assert (box["id"], box["y"], box["h"], body["removed"]) == (column[0].pk, 20, 90, [column[1].pk])

    def test_one_alone_is_not_merged(self, view, column, owner):
        viewer = view(owner)
        assert viewer.edit({"op": "merge", "boxes": [column[0].pk]})["code"] == "too_few_boxes"

    def test_scissors_go_through_several(self, view, page, column, owner):
        view(owner).edit({"op": "split", "boxes": [column[0].pk, column[1].pk], "at": [40, 85, 500]})
        assert [(y, h) for _, y, h in places(page)][:4] == [(20, 20), (40, 20), (70, 15), (85, 25)]
        assert places(page)[0][0] == column[0].pk

    def test_a_split_without_a_height_is_a_worker_s(self, view, page, column, owner):
        viewer = view(owner)
        body = viewer.edit({"op": "split", "box": column[0].pk})
        assert (viewer.status, body["boxes"], body["version"]) == (200, [], 1)
        (job,) = jobs("boxes.mend")
        assert job == {"edit": body["edit"], "boxes": [column[0].pk], "version": 1, "how": "split"}

    def test_a_split_that_is_sent_twice_is_done_once(self, view, column, owner):
        viewer, key = view(owner), str(uuid4())
        body = {"version": 1, "key": key, "operations": [{"op": "split", "box": column[0].pk}]}
        assert viewer.post("edits", body)["edit"] == viewer.post("edits", body)["edit"]
        assert len(jobs("boxes.mend")) == 1

    def test_a_line_is_drawn_through_a_column(self, view, page, column, owner):
        stray = factories.box(page, at=(100, 500), column=2, order=9.0)
        order = [column[0].pk, stray.pk, column[2].pk, column[1].pk]
        view(owner).edit({"op": "order", "boxes": order, "column": 1})
        assert [pk for pk, *_ in places(page)] == [*order, column[3].pk]
        stray.refresh_from_db()
        assert stray.column == 1

    def test_a_kind_is_set(self, view, column, owner):
        (box,) = view(owner).edit({"op": "kind", "boxes": [column[0].pk], "kind": "note"})["boxes"]
        assert box["kind"] == "note"

    def test_all_or_none(self, view, page, column, owner):
        viewer = view(owner)
        body = viewer.edit({"op": "delete", "boxes": [column[0].pk]}, {"op": "delete", "boxes": [10**6]})
        assert (viewer.status, body["code"]) == (409, "box_gone")
        assert len(places(page)) == 4

    def test_another_page_s_box_is_not_there(self, view, page, column, owner):
        other = factories.box(factories.page(page.document))
        viewer = view(owner)
        for operation in (
            {"op": "move", "box": other.pk, "x": 1, "y": 1, "w": 9, "h": 9},
            {"op": "restore", "boxes": [other.pk]},
        ):
            assert viewer.edit(operation)["code"] == "box_gone"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"version": 1, "operations": []},
            {"version": "1", "operations": [{"op": "delete", "boxes": [1]}]},
            {"version": 1, "operations": [{"op": "fly", "boxes": [1]}]},
            {"version": 1, "operations": [{"op": "delete"}]},
            {"version": 1, "operations": [{"op": "kind", "boxes": [1], "kind": "x"}]},
            {"version": 1, "operations": [{"op": "delete", "boxes": [1]}] * 501},
        ],
    )
    def test_what_cannot_be_read_is_refused(self, view, owner, body):
        viewer = view(owner)
        assert viewer.post("edits", body)["code"] == "bad_json"
        assert viewer.status == 400

    def test_a_page_that_waits_is_not_edited(self, view, page, column, owner):
        type(page).objects.update(state="waiting")
        viewer = view(owner)
        assert viewer.edit({"op": "delete", "boxes": [column[0].pk]})["code"] == "page_not_ready"
