"""The dashboard, the bars of batches, and asking for a batch to be searched again."""

import pytest

from tests import factories
from tests.markup import markup
from tests.webapp.overview.conftest import suggested
from webapp.jobs.models import Job
from webapp.overview.templatetags.overview_places import pieces
from webapp.overview.templatetags.overview_times import as_time
from webapp.review.consensus.batch_parts import BatchParts

pytestmark = pytest.mark.django_db


@pytest.fixture
def workers(monkeypatch):
    """What the workers answer when they are asked whether they live."""
    answers = {"alive": ["batch@here", "interactive@here"]}
    monkeypatch.setattr("webapp.overview.dashboard.views.workers_alive", lambda: answers["alive"])
    return answers


def text(answer):
    assert answer.status_code == 200
    return markup(answer)


def test_shows_the_batches_one_sees_with_their_parts(batch, item, browse, owner, teammate):
    suggested(batch, item)
    factories.decision(suggested(batch, item), owner, item=item)
    private = factories.batch(owner)
    page = text(browse(teammate).get("/dashboard/"))
    assert f'data-batch="{batch.pk}"' in page
    assert f'data-batch="{private.pk}"' not in page
    assert 'data-waiting="0" data-suggested="1" data-answered="1" data-disputed="0" data-settled="0"' in page
    assert 'aria-label="0 settled, 1 answered, 0 disputed, 1 unanswered, 0 waiting"' in page


def test_annotators_see_their_own_answers_and_curators_all(batch, item, browse, owner, teammate, curator):
    factories.decision(suggested(batch, item), owner, item=item)
    assert 'data-testid="today-mine">0</dd>' in text(browse(teammate).get("/dashboard/"))
    assert 'data-testid="today-all">1</dd>' in text(browse(teammate).get("/dashboard/"))
    assert "Nothing to show yet." in text(browse(teammate).get("/dashboard/"))
    assert "Nothing to show yet." not in text(browse(curator).get("/dashboard/"))


def test_charts_are_told_as_tables_and_run_no_script(batch, item, browse, owner):
    factories.decision(suggested(batch, item), owner, item=item)
    page = text(browse(owner).get("/dashboard/"))
    for name in ["chart-day", "chart-hour", "chart-confidence", "chart-rank", "chart-learned"]:
        assert f'data-testid="{name}"' in page
    assert page.count("<table") == 5
    assert "style=" not in page


def test_asks_few_questions_however_many_batches(batch, item, browse, owner, django_assert_max_num_queries):
    for _ in range(8):
        suggested(factories.batch(owner), item)
    client = browse(owner)
    with django_assert_max_num_queries(17):
        client.get("/dashboard/")


class TestWork:
    def test_a_curator_sees_all_work_and_who_does_it(self, browse, curator, workers):
        Job.objects.create(kind="x", queue="batch", state="queued")
        page = text(browse(curator).get("/dashboard/work/"))
        assert 'data-testid="jobs-waiting">1</dd>' in page
        assert 'data-testid="workers-alive">2</dd>' in page

    def test_a_curator_is_told_that_nobody_works(self, browse, curator, workers):
        workers["alive"] = []
        assert "No worker is running" in text(browse(curator).get("/dashboard/work/"))
        workers["alive"] = None
        assert "The message broker does not respond" in text(browse(curator).get("/dashboard/work/"))

    def test_an_annotator_sees_the_work_on_their_own_batches(self, batch, browse, owner, teammate, workers):
        Job.objects.create(kind="x", queue="batch", state="queued", subject=f"batch:{batch.pk}")
        assert 'data-testid="jobs-waiting">1</dd>' in text(browse(owner).get("/dashboard/work/"))
        page = text(browse(teammate).get("/dashboard/work/"))
        assert 'data-testid="jobs-waiting">0</dd>' in page
        assert "workers-alive" not in page


class TestSearchAgain:
    def test_asks_for_what_is_unanswered_and_says_for_how_many(self, batch, item, browse, owner):
        suggested(batch, item)
        factories.decision(suggested(batch, item), owner, item=item)
        page = text(browse(owner).post(f"/batches/{batch.pk}/search-again/", follow=True))
        assert "Searching 1 picture again." in page
        assert Job.objects.get().payload["again"] is True

    def test_its_button_is_for_those_who_keep_the_batch(self, batch, item, browse, owner, teammate, curator):
        suggested(batch, item)
        address = f"/batches/{batch.pk}/"
        for user, shown in [(owner, True), (curator, True), (teammate, False)]:
            assert ('data-testid="search-again"' in text(browse(user).get(address))) is shown

    def test_by_the_api(self, batch, item, api, owner):
        suggested(batch, item)
        answer = api(owner).post(f"/api/v1/batches/{batch.pk}/search/")
        assert (answer.status_code, answer.json()) == (202, {"queries": 1})


def test_the_api_tells_the_parts(batch, item, api, owner):
    suggested(batch, item)
    factories.query(batch, state="waiting")
    answer = api(owner).get(f"/api/v1/batches/{batch.pk}/parts/").json()
    assert answer == {"waiting": 1, "suggested": 1, "answered": 0, "disputed": 0, "settled": 0}


def test_a_bar_s_pieces_fill_it():
    found = pieces(BatchParts(waiting=1, suggested=2, settled=1))
    assert [(piece.key, piece.start, piece.share) for piece in found] == [
        ("settled", "0.000", "25.000"),
        ("suggested", "25.000", "50.000"),
        ("waiting", "75.000", "25.000"),
    ]
    assert pieces(BatchParts()) == []


@pytest.mark.parametrize(("minutes", "hours", "rest"), [(0, 0, 1), (59, 0, 59), (60, 1, 0), (200, 3, 20)])
def test_a_span_of_time(minutes, hours, rest):
    assert as_time(minutes) == {"hours": hours, "minutes": rest}
