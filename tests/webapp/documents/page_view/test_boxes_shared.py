"""The doors of the page view: answers of moved boxes, undo, and what two people do to one page."""

import pytest
from django.utils import timezone

from tests import factories, people
from tests.webapp.documents.rows import jobs, places
from webapp.batches.models import Query
from webapp.documents.progress import document_progress
from webapp.pages.models import Box, Edit
from webapp.pages.selectors import pages_progress
from webapp.review.consensus.standings import query_recount
from webapp.review.models import Decision

pytestmark = pytest.mark.django_db


class TestAnswersOfMovedBoxes:
    def move(self, viewer, box, y):
        (body,) = viewer.edit({"op": "move", "box": box.pk, "x": 300, "y": y, "w": 40, "h": 40})["boxes"]
        return body["moved"]

    def test_they_survive_a_small_move_and_are_flagged_after_a_large_one(self, view, column, owner):
        factories.decision(column[0].query, owner, item=factories.item(character="人"))
        viewer = view(owner)
        assert not self.move(viewer, column[0], 25)
        assert self.move(viewer, column[0], 45), "many small moves are a large one"
        assert not self.move(viewer, column[0], 22)

    def test_until_somebody_answers_again(self, view, column, owner):
        item = factories.item(character="人")
        factories.decision(column[0].query, owner, item=item)
        viewer = view(owner)
        assert self.move(viewer, column[0], 60)
        Decision.objects.create(query=column[0].query, annotator=owner, verdict="match", item=item)
        query_recount(query=column[0].query)
        assert not viewer.get()["boxes"][0]["moved"]
        assert not self.move(viewer, column[0], 65)

    def test_what_nobody_answered_is_not_flagged(self, view, column, owner):
        assert not self.move(view(owner), column[0], 300)


class TestUndo:
    def test_without_end_and_again(self, view, page, column, owner):
        viewer, before = view(owner), places(page)
        viewer.edit({"op": "delete", "boxes": [column[0].pk]})
        viewer.edit({"op": "move", "box": column[1].pk, "x": 300, "y": 75, "w": 40, "h": 30})
        viewer.edit({"op": "add", "x": 301, "y": 300, "w": 38, "h": 38})
        viewer.edit({"op": "split", "box": column[2].pk, "at": [140]})
        after = places(page)
        for _ in range(4):
            viewer.post("undo")
        assert places(page) == before
        assert viewer.post("undo")["boxes"] == []
        for _ in range(4):
            viewer.post("redo")
        assert places(page) == after
        assert viewer.post("redo")["boxes"] == []

    def test_a_new_edit_ends_what_can_be_done_again(self, view, page, column, owner):
        viewer = view(owner)
        viewer.edit({"op": "delete", "boxes": [column[0].pk]})
        viewer.post("undo")
        viewer.edit({"op": "delete", "boxes": [column[1].pk]})
        assert viewer.post("redo")["removed"] == []
        assert Edit.objects.count() == 1

    def test_one_s_own_alone(self, view, page, column, owner, teammate):
        mine, theirs = view(owner), view(teammate)
        mine.edit({"op": "delete", "boxes": [column[0].pk]})
        theirs.edit({"op": "delete", "boxes": [column[1].pk]})
        mine.post("undo")
        assert [pk for pk, *_ in places(page)] == [column[0].pk, column[2].pk, column[3].pk]

    def test_what_somebody_else_edited_since_is_asked_about(self, view, page, column, owner, teammate):
        mine, theirs = view(owner), view(teammate)
        mine.edit({"op": "move", "box": column[0].pk, "x": 300, "y": 25, "w": 40, "h": 40})
        theirs.version = mine.version
        theirs.edit({"op": "kind", "boxes": [column[0].pk], "kind": "note"})
        seen = mine.version
        assert mine.post("undo")["code"] == "edited_meanwhile"
        assert mine.status == 409
        mine.post("undo", {"version": seen + 1})  # they looked at it, and insist
        assert (mine.status, Box.objects.get(pk=column[0].pk).y) == (200, 20)

    def test_the_one_that_is_named_and_that_once(self, view, page, column, owner):
        viewer, before = view(owner), places(page)
        first = viewer.edit({"op": "delete", "boxes": [column[0].pk]})["edit"]
        viewer.edit({"op": "delete", "boxes": [column[1].pk]})  # in another window
        answers = [viewer.post("undo", {"edit": first}) for _ in range(2)]
        assert [(one["edit"], [box["id"] for box in one["boxes"]]) for one in answers] == [
            (first, [column[0].pk])
        ] * 2
        assert places(page) == [before[0], *before[2:]]
        viewer.post("redo", {"edit": first})
        assert places(page) == before[2:]
        assert viewer.post("undo", {"edit": 10**6})["edit"] is None

    def test_nobody_else_s_by_its_name(self, view, page, column, owner, teammate):
        made = view(owner).edit({"op": "delete", "boxes": [column[0].pk]})["edit"]
        assert view(teammate).post("undo", {"edit": made})["edit"] is None
        assert len(places(page)) == 3


class TestCounts:
    """After every kind of edit all counts are what the rows say, and so they are after its undo."""

    EDITS = {
        "move": lambda pk: {"op": "move", "box": pk[0], "x": 200, "y": 20, "w": 40, "h": 40},
        "add": lambda pk: {"op": "add", "x": 301, "y": 300, "w": 38, "h": 38},
        "delete": lambda pk: {"op": "delete", "boxes": pk[:2]},
        "merge": lambda pk: {"op": "merge", "boxes": pk[:2]},
        "split": lambda pk: {"op": "split", "box": pk[0], "at": [40]},
        "order": lambda pk: {"op": "order", "boxes": pk[3::-1]},
        "not_character": lambda pk: {"op": "not_character", "boxes": pk[:1], "value": True},
        "kind": lambda pk: {"op": "kind", "boxes": pk[:1], "kind": "note"},
        "restore": lambda pk: {"op": "restore", "boxes": pk[-1:]},
    }

    @pytest.mark.parametrize("kind", EDITS)
    def test_every_count(self, view, page, column, owner, kind):
        gone = factories.box(page, at=(100, 20), order=9.0, matched=True)
        viewer = view(owner)
        viewer.edit({"op": "delete", "boxes": [gone.pk]})
        known = {box["id"]: box for box in viewer.get()["boxes"]}
        before = self.counts(page)
        self.take(known, viewer.edit(self.EDITS[kind]([*(box.pk for box in column), gone.pk])))
        self.check(viewer, page, known)
        self.take(known, viewer.post("undo"))
        self.check(viewer, page, known)
        assert self.counts(page) == before

    def take(self, known, answer):
        """As the page view does."""
        known.update((box["id"], box) for box in answer["boxes"])
        for pk in answer["removed"]:
            known.pop(pk, None)

    def check(self, viewer, page, known):
        live = Box.objects.filter(page=page, deleted=None)
        characters = live.filter(not_character=False)
        matched = characters.filter(query__state="ready").count()
        assert len(known) == live.count()
        assert self.counts(page) == (characters.count(), matched, matched)
        assert Query.objects.filter(batch=page.document.batch).count() == matched
        body = viewer.get()
        assert body["jobs"]["waiting"] == viewer.get("changes", since=0)["jobs"]["waiting"]
        assert [box["id"] for box in body["boxes"]] == sorted(known, key=lambda pk: known[pk]["order"])

    def counts(self, page):
        """Of the document, of its page, and of its batch."""
        of_document = document_progress([page.document])[page.document.pk]
        of_page = pages_progress([page])[page.pk]
        assert (of_page["characters"], of_page["matched"]) == (of_document.characters, of_document.matched)
        of_batch = Query.objects.filter(batch=page.document.batch, state="ready").count()
        return of_document.characters, of_document.matched, of_batch


class TestTwoPeople:
    def test_other_boxes_are_merged_without_a_word(self, view, page, column, owner, teammate):
        mine, theirs = view(owner), view(teammate)
        theirs.edit({"op": "delete", "boxes": [column[1].pk]})
        mine.edit({"op": "move", "box": column[0].pk, "x": 300, "y": 25, "w": 40, "h": 40}, version=1)
        assert mine.status == 200
        assert len(places(page)) == 3

    def test_the_very_box_is_asked_about(self, view, page, column, owner, teammate):
        mine, theirs = view(owner), view(teammate)
        theirs.edit({"op": "move", "box": column[0].pk, "x": 300, "y": 30, "w": 40, "h": 40})
        move = {"op": "move", "box": column[0].pk, "x": 300, "y": 25, "w": 40, "h": 40}
        body = mine.edit(move, version=1)
        assert (mine.status, body["code"]) == (409, "edited_meanwhile")
        assert [(box["id"], box["y"]) for box in body["boxes"]] == [(column[0].pk, 30)]
        mine.edit(move, version=body["version"])
        assert mine.status == 200

    def test_one_that_was_deleted_is_named_as_such(self, view, column, owner, teammate):
        mine, theirs = view(owner), view(teammate)
        theirs.edit({"op": "delete", "boxes": [column[0].pk]})
        body = mine.edit({"op": "delete", "boxes": [column[0].pk]}, version=1)
        assert (mine.status, body["removed"]) == (409, [column[0].pk])

    def test_one_s_own_keys_never_meet_each_other(self, view, column, owner):
        viewer = view(owner)
        for y in (21, 22, 23):
            viewer.edit({"op": "move", "box": column[0].pk, "x": 300, "y": y, "w": 40, "h": 40}, version=1)
            assert viewer.status == 200

    def test_the_other_page_hears_of_it(self, view, page, column, owner, teammate):
        mine, theirs = view(owner), view(teammate)
        seen = mine.get()["seen"]
        theirs.edit({"op": "delete", "boxes": [column[1].pk]})
        theirs.edit({"op": "kind", "boxes": [column[0].pk], "kind": "note"})
        body = mine.get("changes", since=1, seen=seen)
        assert body["removed"] == [column[1].pk]
        assert column[0].pk in [box["id"] for box in body["boxes"]]
        again = mine.get("changes", since=body["version"], seen=body["seen"])
        assert (again["boxes"], again["removed"]) == ([], [])
        factories.suggestions(column[0].query, [factories.item(character="人")])
        found = mine.get("changes", since=body["version"], seen=body["seen"])
        assert "人" in [box["suggested"] for box in found["boxes"]]


class TestWork:
    def test_a_page_is_turned_with_what_people_set(self, view, page, column, owner):
        viewer = view(owner)
        viewer.post("turn", {"turn": 90})
        assert viewer.status == 202
        page.refresh_from_db()
        box = Box.objects.get(pk=column[0].pk)
        assert (page.turn, page.turned_by, page.width, page.height, page.state) == (
            90,
            "person",
            600,
            400,
            "waiting",
        )
        assert (box.x, box.y, box.stale) == (600 - 20 - 40, 300, True)
        assert jobs("page.read") == [{"page": page.pk}]
        assert viewer.post("turn", {"turn": 45})["code"] == "bad_turn"

    def test_more_is_found_in_a_region(self, view, page, owner):
        viewer = view(owner)
        viewer.post("locate", {"x": 1, "y": 2, "w": 30, "h": 40})
        viewer.post("locate")
        assert [job.get("region") for job in jobs("page.read")] == [[1, 2, 30, 40], None]

    def test_boxes_are_snapped_by_a_worker(self, view, page, column, owner):
        viewer = view(owner)
        viewer.post("snap", {"boxes": [column[0].pk]})
        assert viewer.status == 202
        assert jobs("boxes.mend")[0]["how"] == "snap"


class TestWhoGetsIn:
    GET = ("boxes", "changes", "deleted")
    POST = ("edits", "undo", "redo", "snap", "locate", "turn")

    @pytest.mark.parametrize("name", GET)
    def test_to_look(self, page, browse, name, owner, teammate, curator):
        address = f"/pages/{page.pk}/{name}/"
        assert browse(people.STRANGER).get(address).status_code == 302
        assert browse(teammate).get(address).status_code == 200
        type(page.document.batch).objects.update(shared=False)
        assert browse(teammate).get(address).status_code == 404
        assert browse(owner).get(address).status_code == 200
        assert browse(curator).get(address).status_code == 200

    @pytest.mark.parametrize("name", POST)
    def test_to_edit(self, page, browse, name, owner, teammate):
        address, sent = f"/pages/{page.pk}/{name}/", ("{}", "application/json")
        assert browse(people.STRANGER).post(address, *sent).status_code == 302
        assert browse(teammate).post(address, *sent).status_code in {200, 202, 400}
        page.document.batch.assigned.add(owner)
        assert browse(teammate).post(address, *sent).status_code == 403
        type(page.document.batch).objects.update(shared=False)
        assert browse(teammate).post(address, *sent).status_code == 404

    def test_a_deleted_batch_takes_its_pages_along(self, page, browse, owner):
        type(page.document.batch).objects.update(deleted=timezone.now())
        assert browse(owner).get(f"/pages/{page.pk}/boxes/").status_code == 404
