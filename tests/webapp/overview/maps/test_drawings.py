"""Drawings: asked for once, made anew when stale, clusters without chains; and what the map shows."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories, people
from tests.markup import markup
from tests.webapp.overview.conftest import suggested
from webapp.jobs.models import Job
from webapp.overview.maps.drawings import clusters_of, drawing_path, drawing_read, is_stale, path_of
from webapp.overview.maps.services import drawing_fail, drawing_finish, drawing_request, map_request
from webapp.overview.models import Drawing


def drawn(batch, kind="map", *, queries=(), items=(), **body):
    """A finished drawing: the file, and its row."""
    factories.release()
    path = drawing_path(batch.pk, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    places = {
        "queries": {"ids": [query.pk for query in queries], "places": [[n, n] for n in range(len(queries))]},
        "items": {"ids": [item.pk for item in items], "places": [[9, n] for n in range(len(items))]},
    }
    path.write_text(json.dumps({"fingerprint": "f" * 64, **places, **body}))
    drawing, _ = Drawing.objects.get_or_create(batch=batch, kind=kind)
    drawing_finish(drawing=drawing, fingerprint="f" * 64, queries=len(queries), items=len(items))
    drawing.refresh_from_db()
    return drawing


def embedded(query):
    """The query, with a vector by the live model."""
    query.vector, query.vector_model = b"\0" * 16, factories.release().model
    query.save()
    return query


@pytest.mark.django_db
class TestRequest:
    def test_writes_a_job_once(self, batch):
        for _ in range(2):
            drawing = drawing_request(batch=batch, kind="map")
        job = Job.objects.get()
        assert (job.kind, job.payload) == ("drawing.make", {"drawing": drawing.pk})
        assert drawing.state == "waiting"

    def test_after_a_failure_it_may_be_asked_again(self, batch):
        drawing = drawing_request(batch=batch, kind="map")
        drawing_fail(pk=drawing.pk, code="x", error="it broke", hint="again")
        drawing.refresh_from_db()
        assert (drawing.state, drawing.error) == ("failed", "it broke")
        assert drawing_request(batch=batch, kind="map").error == ""
        assert Job.objects.count() == 2

    def test_a_failure_leaves_what_was_drawn_before(self, batch):
        drawing = drawn(batch)
        drawing_request(batch=batch, kind="map")
        drawing_fail(pk=drawing.pk, code="x", error="it broke")
        assert drawing_read(batch, "map")["fingerprint"] == "f" * 64


@pytest.mark.django_db
class TestStale:
    def test_what_nobody_drew(self, batch):
        assert is_stale(None)
        assert is_stale(drawing_request(batch=batch, kind="map"))

    def test_what_was_drawn_of_these_pictures_is_not(self, batch, item):
        query = embedded(factories.query(batch))
        factories.query(batch)  # without a vector: it cannot be drawn, and is not waited for
        drawing = drawn(batch, queries=[query])
        assert not is_stale(drawing)
        embedded(factories.query(batch))
        assert is_stale(drawing)

    def test_of_another_model_or_with_its_file_gone(self, batch):
        drawing = drawn(batch)
        drawing.fingerprint = "e" * 64
        assert is_stale(drawing)
        drawing.fingerprint = "f" * 64
        assert not is_stale(drawing)
        drawing_path(batch.pk, "map").unlink()
        assert is_stale(drawing)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
    def test_a_damaged_file_is_none(self, batch, content):
        drawn(batch)
        drawing_path(batch.pk, "map").write_bytes(content)
        assert drawing_read(batch, "map") is None


class TestClusters:
    def test_no_chain_joins_what_is_far_apart(self):
        chain = [(1, 2, 0.1), (2, 3, 0.1), (3, 4, 0.1), (4, 5, 0.1)]
        assert clusters_of(chain, 0.1) == [[2, 1, 3], [4, 5]]

    def test_only_what_is_near_enough(self):
        assert clusters_of([(1, 2, 0.04), (1, 3, 0.06)], 0.05) == [[1, 2]]
        assert clusters_of([], 0.5) == []

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
    @given(
        st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(0, 0.3))).map(
            lambda pairs: [pair for pair in pairs if pair[0] != pair[1]]
        )
    )
    def test_everybody_is_in_one_group_at_most_and_near_its_first(self, pairs):
        near = {frozenset(pair[:2]) for pair in pairs if pair[2] <= 0.1}
        groups = clusters_of(pairs, 0.1)
        members = [pk for group in groups for pk in group]
        assert len(members) == len(set(members))
        assert all(frozenset((group[0], pk)) in near for group in groups for pk in group[1:])
        left = {pk for pair in near for pk in pair} - set(members)
        assert not any(pair <= left for pair in near)


@pytest.mark.django_db
class TestPoints:
    def test_each_query_has_its_outcome_and_each_point_its_character(self, batch, item, browse, owner):
        other, beyond = factories.item(character="馬"), factories.item(character="羊")
        queries = [factories.query(batch) for _ in range(6)]
        for query in queries:
            factories.suggestions(query, [item, other])
        for query, chosen in zip(queries, [item, other, beyond], strict=False):
            factories.decision(query, owner, item=chosen)
        factories.decision(queries[3], owner, verdict="none")
        factories.decision(queries[4], owner, verdict="unsure")
        drawn(batch, queries=queries, items=[item, other])
        body = browse(owner).get(f"/batches/{batch.pk}/map/points/").json()
        assert body["queries"]["outcomes"] == "12onu-"
        characters = [body["characters"][at] if at >= 0 else "" for at in body["queries"]["labels"]]
        assert characters == ["漢", "馬", "羊", "", "", ""]
        assert [body["characters"][at] for at in body["items"]["labels"]] == ["漢", "馬"]
        assert body["queries"]["places"] == [[n, n] for n in range(6)]

    def test_what_was_deleted_since_is_left_out(self, batch, item, browse, owner):
        kept, gone = suggested(batch, item), suggested(batch, item)
        drawn(batch, queries=[kept, gone], items=[item])
        gone.delete()
        assert browse(owner).get(f"/batches/{batch.pk}/map/points/").json()["queries"]["ids"] == [kept.pk]

    def test_there_are_none_before_it_is_drawn(self, batch, browse, owner):
        answer = browse(owner).get(f"/batches/{batch.pk}/map/points/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_drawn")

    def test_another_s_are_not_there(self, batch, item, browse, teammate):
        batch.shared = False
        batch.save()
        drawn(batch, queries=[suggested(batch, item)])
        assert browse(teammate).get(f"/batches/{batch.pk}/map/points/").status_code == 404
        assert browse(None).get(f"/batches/{batch.pk}/map/points/").status_code == 302

    def test_more_is_told_of_those_asked_for(self, batch, item, browse, owner):
        query, elsewhere = suggested(batch, item), factories.query(factories.batch(owner))
        factories.decision(query, owner, item=item)
        asked = f"q{query.pk},i{item.pk},q{elsewhere.pk},i999999,x1,q,q{10**30}"
        body = browse(owner).get(f"/batches/{batch.pk}/map/told/?ids={asked}").json()
        assert set(body) == {f"q{query.pk}", f"i{item.pk}"}
        point = body[f"q{query.pk}"]
        assert (point["name"], point["said"]) == (query.name, "answered: 漢")
        assert point["page"] == f"/batches/{batch.pk}/review/?query={query.pk}"
        assert body[f"i{item.pk}"]["page"] == f"/gallery/{item.pk}/"


@pytest.mark.django_db
class TestSeveral:
    """A map of several batches, or of all that somebody sees."""

    @pytest.fixture
    def two(self, batch, owner, item):
        """Two batches of the owner's with a picture each, and one of somebody else's."""
        other, hidden = (
            factories.batch(owner, name="other"),
            factories.batch(people.teammate(), name="hidden"),
        )
        queries = [embedded(suggested(one, item)) for one in (batch, other, hidden)]
        return [batch, other, hidden], queries

    def drawn(self, batches, queries, items=()):
        factories.release()
        drawing = map_request(batches=[batch.pk for batch in batches])
        path = path_of(drawing)
        path.parent.mkdir(parents=True)
        places = {
            "queries": {
                "ids": [query.pk for query in queries],
                "places": [[n, n] for n in range(len(queries))],
            },
            "items": {"ids": [item.pk for item in items], "places": [[9, n] for n in range(len(items))]},
        }
        path.write_text(json.dumps({"fingerprint": "f" * 64, **places}))
        drawing_finish(drawing=drawing, fingerprint="f" * 64, queries=len(queries), items=len(items))
        return drawing

    def test_all_that_one_sees_or_those_named(self, two, browse, owner, item):
        (batch, other, _), queries = two
        self.drawn([batch, other], queries[:2], [item])
        factories.decision(queries[1], owner, item=item)
        client = browse(owner)
        page = client.get("/map/").content.decode()
        assert 'data-testid="map-canvas"' in page
        assert "hidden" not in [name.strip() for name in page.split(">")]
        body = client.get("/map/points/").json()
        assert body["queries"]["ids"] == [query.pk for query in queries[:2]]
        assert body["queries"]["batches"] == [batch.pk, other.pk]
        assert (body["queries"]["outcomes"], body["characters"]) == ("-1", ["漢"])
        named = f"?batch={batch.pk}&batch={other.pk}"
        assert client.get(f"/map/points/{named}").json() == body
        assert client.get(f"/map/points/?batch={other.pk}").status_code == 404  # drawn by nobody
        point = client.get(f"/map/told/{named}&ids=q{queries[1].pk},q{queries[2].pk}").json()
        assert set(point) == {f"q{queries[1].pk}"}
        assert point[f"q{queries[1].pk}"]["said"] == "other: answered: 漢"
        assert point[f"q{queries[1].pk}"]["page"].startswith(f"/batches/{other.pk}/review/")

    def test_nobody_sees_another_s_pictures_on_it(self, two, browse, owner, teammate):
        (batch, other, hidden), queries = two
        batch.shared = False
        batch.save()
        assert browse(teammate).get(f"/map/?batch={other.pk}").status_code == 404
        assert browse(owner).get(f"/map/?batch={hidden.pk}").status_code == 404
        assert browse(None).get("/map/").status_code == 302
        self.drawn([hidden], queries)  # a file that says too much
        assert browse(teammate).get("/map/points/").json()["queries"]["ids"] == [queries[2].pk]
        for words in ("?batch=x", "?batch=", f"?batch={'9' * 40}"):
            assert browse(owner).get(f"/map/{words}").status_code == 404

    def test_it_is_asked_for_once_and_shown_when_it_is_there(self, two, browse, owner):
        batch, other, _ = two[0]
        client = browse(owner)
        page = markup(client.get("/map/"))
        assert 'hx-post="/map/drawing/" hx-trigger="load"' in page
        for _ in range(2):
            assert 'data-state="waiting"' in client.post("/map/drawing/").content.decode()
        assert Job.objects.count() == 1
        assert Drawing.objects.get().batches == [batch.pk, other.pk]
        assert "HX-Refresh" not in client.get("/map/drawing/live/")
        drawing = Drawing.objects.get()
        drawing_finish(drawing=drawing, fingerprint="f" * 64, queries=1, items=0, total=2)
        assert client.get("/map/drawing/live/")["HX-Refresh"] == "true"
        Drawing.objects.update(total=20_000, queries=10_000)
        assert "10000 of 20000 pictures" in client.get("/map/drawing/live/").content.decode().replace(",", "")

    def test_without_any_picture_there_is_nothing_to_draw(self, browse, owner):
        assert 'data-testid="empty-state"' in browse(owner).get("/map/").content.decode()

    def test_old_ones_are_let_go(self, batch, owner, monkeypatch):
        monkeypatch.setattr("webapp.overview.maps.services._MOST_MAPS", 2)
        for place in range(4):
            drawing = map_request(batches=[batch.pk, batch.pk + 1 + place])
            drawing_finish(drawing=drawing, fingerprint="f" * 64, queries=0, items=0)
        assert Drawing.objects.count() == 3  # the newest was still waiting when the others were counted


@pytest.mark.django_db
class TestPages:
    def test_the_map_is_drawn_when_nobody_did_yet(self, batch, browse, owner):
        page = markup(browse(owner).get(f"/batches/{batch.pk}/map/"))
        assert f'hx-post="/batches/{batch.pk}/drawings/map/" hx-trigger="load"' in page
        assert "map-canvas" not in page

    def test_and_shown_once_it_is(self, batch, item, browse, owner):
        drawn(batch, queries=[embedded(suggested(batch, item))])
        page = browse(owner).get(f"/batches/{batch.pk}/map/").content.decode()
        assert 'data-testid="map-canvas"' in page
        assert 'hx-trigger="load"' not in page

    def test_a_map_whose_file_is_gone_is_drawn_again(self, batch, item, browse, owner):
        drawn(batch, queries=[embedded(suggested(batch, item))])
        drawing_path(batch.pk, "map").unlink()
        page = browse(owner).get(f"/batches/{batch.pk}/map/").content.decode()
        assert "map-canvas" not in page
        assert 'hx-trigger="load"' in page

    def test_how_far_it_is_and_that_it_is_done(self, batch, browse, owner):
        client, address = browse(owner), f"/batches/{batch.pk}/drawings/map/"
        assert 'data-state="waiting"' in client.post(address).content.decode()
        Job.objects.update(state="running", done=30, total=120)
        answer = client.get(f"{address}live/")
        assert "(25 %)" in answer.content.decode()
        assert "HX-Refresh" not in answer
        drawn(batch)
        assert client.get(f"{address}live/")["HX-Refresh"] == "true"

    def test_a_failure_is_told_and_not_tried_again_by_itself(self, batch, browse, owner):
        drawing = drawing_request(batch=batch, kind="map")
        drawing_fail(pk=drawing.pk, code="odd", error="the disk is full", hint="make room")
        page = browse(owner).get(f"/batches/{batch.pk}/map/").content.decode()
        assert "the disk is full" in page
        assert 'hx-trigger="load"' not in page
        assert 'data-testid="drawing-again"' in page

    def test_there_is_no_other_drawing(self, batch, browse, owner):
        assert browse(owner).post(f"/batches/{batch.pk}/drawings/odd/").status_code == 404
