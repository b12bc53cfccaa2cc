"""The page on which many pictures are answered together, as a browser asks for it."""

import json
import re
import uuid

import pytest

from tests import factories
from tests.markup import markup
from tests.webapp.overview.conftest import suggested
from webapp.overview.bulk.confidence import newest_suggestion
from webapp.overview.maps.drawings import drawing_path
from webapp.overview.models import BulkAnswer, Drawing
from webapp.review.models import Decision

pytestmark = pytest.mark.django_db


def send(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


def page_data(page):
    """The numbers that the slider is given."""
    found = re.search(r'id="sure-data"[^>]*>(.*?)</script>', page.content.decode(), re.S)
    return json.loads(found[1])


def group_of(item, *queries, wrong=()):
    return {
        "key": str(uuid.uuid4()),
        "item": item.pk,
        "right": [[query.pk, query.suggestions.get(rank=1).pk] for query in queries],
        "wrong": [query.pk for query in wrong],
    }


class TestPage:
    def test_shows_each_group_with_its_pictures(self, batch, item, browse, owner):
        queries = [suggested(batch, item) for _ in range(3)]
        page = browse(owner).get(f"/batches/{batch.pk}/sure/").content.decode()
        assert page.count('data-testid="bulk-group"') == 1
        assert f'data-item="{item.pk}"' in page
        for query in queries:
            assert f'data-query="{query.pk}"' in page

    def test_says_so_where_there_is_no_group(self, batch, item, browse, owner):
        suggested(batch, item)
        page = browse(owner).get(f"/batches/{batch.pk}/sure/").content.decode()
        assert 'data-testid="empty-state"' in page

    def test_says_so_where_the_batch_is_the_work_of_others(self, batch, item, browse, owner, teammate):
        suggested(batch, item)
        batch.assigned.add(teammate)
        page = browse(owner).get(f"/batches/{batch.pk}/sure/?by=confidence").content.decode()
        assert "is assigned to others" in page
        assert "sure-data" not in page

    def test_asks_few_questions_however_many_pictures(
        self, batch, item, browse, owner, django_assert_max_num_queries
    ):
        for _ in range(12):
            suggested(batch, item)
        client = browse(owner)
        with django_assert_max_num_queries(14):
            client.get(f"/batches/{batch.pk}/sure/")

    def test_has_pictures_compared_when_nobody_did_yet(self, batch, item, browse, owner):
        page = markup(browse(owner).get(f"/batches/{batch.pk}/sure/?by=likeness"))
        assert f'hx-post="/batches/{batch.pk}/drawings/likeness/" hx-trigger="load"' in page

    def test_shows_pictures_that_are_alike(self, batch, item, browse, owner):
        one, other, far = (suggested(batch, item) for _ in range(3))
        Drawing.objects.create(batch=batch, kind="likeness", state="ready")
        path = drawing_path(batch.pk, "likeness")
        path.parent.mkdir(parents=True)
        pairs = [[one.pk, other.pk, 0.08], [one.pk, far.pk, 0.19]]
        path.write_text(json.dumps({"fingerprint": "f" * 64, "pairs": pairs}))
        client = browse(owner)
        for within, count in [("close", 0), ("alike", 2), ("loose", 3), ("odd", 2)]:
            page = client.get(f"/batches/{batch.pk}/sure/?by=likeness&within={within}").content.decode()
            assert page.count('data-testid="bulk-tile"') == count


class TestSlider:
    def test_is_told_what_lies_above_each_step(self, batch, item, browse, owner):
        suggested(batch, item, 0.95)
        answered = suggested(batch, item, 0.85)
        factories.decision(answered, owner, item=item)
        page = page_data(browse(owner).get(f"/batches/{batch.pk}/sure/?by=confidence"))
        assert page["newest"] == newest_suggestion(batch)
        assert page["levels"][170][:2] == [1, 0.95]
        assert page["levels"][170][2][:2] == [1, 1]
        assert page["levels"][190][2][:2] == [0, 0]
        assert page == browse(owner).get(f"/batches/{batch.pk}/sure/levels/").json()

    def test_tells_curators_alone_what_was_answered_blind(self, batch, item, browse, owner, curator):
        answered = suggested(batch, item)
        factories.decision(answered, owner, item=item, blind=True)
        address = f"/batches/{batch.pk}/sure/?by=confidence"
        assert len(page_data(browse(owner).get(address))["levels"][0]) == 3
        assert page_data(browse(curator).get(address))["levels"][0][3][:2] == [1, 1]
        assert 'data-testid="sure-blind"' not in browse(owner).get(address).content.decode()


class TestConfirm:
    def test_writes_the_group_and_says_what_it_wrote(self, batch, item, browse, owner):
        right, wrong = suggested(batch, item), suggested(batch, item)
        body = group_of(item, right, wrong=[wrong])
        answer = send(browse(owner), f"/batches/{batch.pk}/sure/confirm/", body)
        assert answer.status_code == 200
        assert (answer.json()["written"], answer.json()["left"]) == (1, 0)
        assert Decision.objects.get().query == right

    def test_what_was_left_is_counted(self, batch, item, browse, owner, teammate):
        query = suggested(batch, item)
        factories.decision(query, teammate, verdict="none")
        body = group_of(item, query)
        type(query).objects.filter(pk=query.pk).update(wanting=False)
        answer = send(browse(owner), f"/batches/{batch.pk}/sure/confirm/", body).json()
        assert (answer["written"], answer["left"]) == (0, 1)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"key": "x"}, "bad_client_key"),
            ({"key": None}, "bad_client_key"),
            ({"item": 0}, "bad_item"),
            ({"item": "1"}, "bad_json"),
            ({"right": "all"}, "bad_json"),
            ({"right": [[1]]}, "bad_json"),
            ({"right": [[1, -1]]}, "bad_json"),
            ({"right": [["1", True]]}, "bad_json"),
            ({"wrong": [2**70]}, "bad_json"),
            ({"wrong": list(range(501))}, "bad_json"),
            ({"wrong": [2**62]}, "gone"),
        ],
    )
    def test_refuses_what_it_cannot_read(self, batch, item, browse, owner, change, code):
        body = group_of(item, suggested(batch, item)) | change
        answer = send(browse(owner), f"/batches/{batch.pk}/sure/confirm/", body)
        assert answer.status_code == 400
        assert answer.json()["code"] == code
        assert not Decision.objects.exists()

    def test_another_s_key_is_refused(self, batch, item, browse, owner, teammate):
        body = group_of(item, suggested(batch, item), suggested(batch, item))
        assert send(browse(owner), f"/batches/{batch.pk}/sure/confirm/", body).status_code == 200
        answer = send(browse(teammate), f"/batches/{batch.pk}/sure/confirm/", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "key_used")


class TestAccept:
    def test_accepts_and_takes_back(self, batch, item, browse, owner):
        for confidence in (0.5, 0.9, 0.95):
            suggested(batch, item, confidence)
        client, key = browse(owner), str(uuid.uuid4())
        body = {"key": key, "threshold": 0.8, "newest": newest_suggestion(batch)}
        answer = send(client, f"/batches/{batch.pk}/sure/accept/", body).json()
        assert (answer["written"], answer["finished"]) == (2, True)
        page = client.get(f"/batches/{batch.pk}/sure/?by=confidence").content.decode()
        assert f'data-undo="/batches/{batch.pk}/sure/{key}/undo/"' in page
        answer = send(client, f"/batches/{batch.pk}/sure/{key}/undo/", {}).json()
        assert (answer["withdrawn"], answer["stay"], answer["undone"]) == (2, 0, True)

    @pytest.mark.parametrize("threshold", [None, "0.5", 2, True, float("nan"), float("inf")])
    def test_refuses_what_is_no_threshold(self, batch, item, browse, owner, threshold):
        body = {"key": str(uuid.uuid4()), "threshold": threshold, "newest": 1}
        answer = send(browse(owner), f"/batches/{batch.pk}/sure/accept/", body)
        assert answer.status_code == 400

    def test_who_takes_back_what_another_accepted(self, batch, item, browse, owner, reviewer, teammate):
        suggested(batch, item)
        bulk = BulkAnswer.objects.create(annotator=owner, batch=batch, kind="threshold", written=1)
        address = f"/batches/{batch.pk}/sure/{bulk.pk}/undo/"
        assert send(browse(teammate), address, {}).status_code == 404
        assert send(browse(None), address, {}).status_code == 302
        pages = {
            who: browse(who).get(f"/batches/{batch.pk}/sure/").content.decode()
            for who in (owner, teammate, reviewer)
        }
        assert [f'data-undo="{address}"' in page for page in pages.values()] == [True, False, True]
        assert "by owner" in pages[reviewer]
        assert 'data-own="false"' in pages[reviewer]
        assert 'data-own="false"' not in pages[owner]
        assert send(browse(reviewer), address, {}).json()["undone"] is True
        assert "undone by reviewer" in browse(owner).get(f"/batches/{batch.pk}/sure/").content.decode()

    def test_one_of_another_batch_is_not_there(self, batch, item, browse, owner):
        bulk = BulkAnswer.objects.create(annotator=owner, batch=batch, kind="threshold", threshold=0.5)
        address = f"/batches/{batch.pk}/sure/{bulk.pk}/undo/"
        other_batch = factories.batch(owner)
        assert send(browse(owner), f"/batches/{other_batch.pk}/sure/{bulk.pk}/undo/", {}).status_code == 404
        assert send(browse(owner), address, {}).status_code == 200
