"""Training runs as curators see and steer them: pages, the API, wishes, curves, and the gate they bring."""

from pathlib import Path

import pytest
from django.urls import reverse

from tests import factories, people
from webapp.core.errors import Conflict, Refused
from webapp.jobs.models import Job
from webapp.training.evaluations.frozen import frozen_sets
from webapp.training.gates import gates_of
from webapp.training.models import Evaluation, Finished, TrainingRun
from webapp.training.runs.curves import curve, curves_of
from webapp.training.runs.recipes import RECIPES
from webapp.training.runs.services import (
    run_begin,
    run_fail,
    run_finish,
    run_folder,
    run_interrupted,
    run_pause,
    run_report,
    run_request,
    run_resume,
    run_stop,
    run_wanted,
)
from webapp.training.services import promotion_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(curator):
    factories.release()
    return factories.snapshot(curator)


@pytest.fixture
def run(snapshot, curator):
    return run_request(user=curator, snapshot=snapshot, recipe="corrections")


@pytest.fixture
def running(run):
    return run_begin(pk=run.pk)


def page(user, run):
    return people.browser_of(user).get(reverse("training:run", args=[run.pk])).content.decode()


def test_one_is_started_in_the_browser(snapshot, curator):
    client = people.browser_of(curator)
    assert 'data-testid="run-form"' in client.get(reverse("training:models")).content.decode()
    values = {"snapshot": snapshot.number, "recipe": "corrections-long", "split": "character"}
    values["objective"] = "triplet"
    answer = client.post(reverse("training:start"), values)
    run = TrainingRun.objects.get()
    assert answer.url == reverse("training:run", args=[run.pk])
    assert (run.recipe, run.split, run.base) == ("corrections-long", "character", factories.release().model)
    assert run.objective == "triplet"
    assert "triplet loss" in page(curator, run)
    job = Job.objects.get(kind="train.run")
    assert (job.queue, job.payload) == ("training", {"run": run.pk})
    assert 'data-state="waiting"' in page(curator, run)
    assert f'data-run="{run.pk}"' in client.get(reverse("training:models")).content.decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"recipe": "x"}, "bad_recipe"), ({"split": "x"}, "bad_split"), ({"objective": "x"}, "bad_objective")],
)
def test_what_there_is_not_is_refused(snapshot, curator, changed, code):
    with pytest.raises(Refused) as caught:
        run_request(**{"user": curator, "snapshot": snapshot, "recipe": "corrections", **changed})
    assert caught.value.code == code
    assert not TrainingRun.objects.exists()


def test_a_snapshot_has_to_be_frozen_and_something_live(snapshot, curator):
    snapshot.state = "waiting"
    with pytest.raises(Conflict, match="not ready"):
        run_request(user=curator, snapshot=snapshot, recipe="corrections")
    snapshot.state = "ready"
    factories.release().delete()
    with pytest.raises(Conflict, match="no live release"):
        run_request(user=curator, snapshot=snapshot, recipe="corrections")


@pytest.mark.parametrize("who", ["owner", "reviewer"])
@pytest.mark.parametrize("name", ["run", "pause", "resume", "stop", "start"])
def test_only_curators_come_in(run, who, name):
    client = people.browser_of(getattr(people, who)())
    args = [] if name == "start" else [run.pk]
    ask = client.get if name == "run" else client.post
    assert ask(reverse(f"training:{name}", args=args)).status_code == 403
    run.refresh_from_db()
    assert (run.state, run.wanted) == ("waiting", "go")


def test_a_waiting_one_pauses_and_goes_on_at_once(run):
    run_pause(run=run)
    assert run.state == "paused"
    assert run_begin(pk=run.pk) is None
    run_resume(run=run)
    assert (run.state, run.wanted) == ("waiting", "go")
    assert Job.objects.filter(kind="train.run").count() == 2
    assert run_begin(pk=run.pk).state == "running"


def test_a_running_one_leaves_when_its_worker_does(running):
    run_pause(run=running)
    assert (running.state, run_wanted(running), running.is_leaving) == ("running", "pause", True)
    assert run_interrupted(run=running) == "paused"
    assert run_begin(pk=running.pk) is None


def test_pausing_can_be_taken_back(running):
    run_pause(run=running)
    run_resume(run=running)
    assert (run_wanted(running), run_interrupted(run=running)) == ("go", "running")
    assert Job.objects.filter(kind="train.run").count() == 1


def test_a_stopped_one_keeps_nothing(run, django_capture_on_commit_callbacks):
    run_folder(run).mkdir(parents=True)
    with django_capture_on_commit_callbacks(execute=True):
        run_stop(run=run)
    assert run.state == "stopped"
    assert not run_folder(run).exists()
    for wish in (run_pause, run_resume, run_stop):
        with pytest.raises(Conflict):
            wish(run=run)


def test_a_failed_one_says_why_and_may_go_on(running, curator):
    run_fail(pk=running.pk, code="bad_snapshot", error="the snapshot was changed", hint="put it back")
    page_text = page(curator, running)
    assert "the snapshot was changed" in page_text
    assert 'data-testid="run-resume"' in page_text
    running.refresh_from_db()
    run_resume(run=running)
    running.refresh_from_db()
    assert (running.state, running.error) == ("waiting", "")


def test_its_page_shows_curves_and_log(snapshot, curator):
    output = page(curator, factories.training_run(curator, snapshot))
    assert 'data-testid="curve-loss" data-points="21"' in output
    assert 'data-testid="curve-mrr" data-points="5"' in output
    assert "batch 1000, loss 0.600" in output
    assert "about 3 min left" in output
    assert 'value="40"' in output
    assert 'hx-trigger="every 2s"' in output


def test_only_a_running_one_is_told_of(running):
    run_report(run=running, points=[{"batch": 1, "share": 0.5, "seconds": 2.0}], log="a")
    running.refresh_from_db()
    assert (running.share, running.seconds, running.log) == (0.5, 2.0, "a")
    assert running.seconds_left == 2.0
    run_fail(pk=running.pk, code="", error="", hint="")
    run_report(run=running, points=[], log="b")
    running.refresh_from_db()
    assert running.log == "a"


def test_the_finished_one_is_measured_on_earlier_test_sides_too(curator, owner, running):
    """Its own snapshot and earlier ones that differ; the same labels are not asked twice."""
    batch = factories.batch(owner)
    for seed in range(2):
        factories.decision(factories.query(batch), owner, item=factories.item(seed=seed))
        latest = factories.snapshot(curator)
    factories.snapshot(curator)
    run = run_begin(pk=run_request(user=curator, snapshot=latest, recipe="corrections").pk)
    run_finish(run=run, model=factories.candidate())
    measured = Evaluation.objects.filter(candidate=run.model)
    assert sorted(measured.values_list("snapshot__number", flat=True)) == [1, 2, 3]
    run_finish(run=run, model=run.model)
    assert measured.count() == 3
    assert page(curator, run).count('data-testid="run-evaluation"') == 3


def test_without_a_live_model_the_candidate_stands_all_the_same(running):
    model = factories.candidate()
    factories.release().delete()
    run_finish(run=running, model=model)
    running.refresh_from_db()
    assert (running.state, running.model) == ("done", model)
    assert "no live release" in running.error


@pytest.fixture
def measured(curator, owner):
    """What opens every gate; and an earlier test side that the same models were asked."""
    batch = factories.batch(owner)
    queries = [factories.query(batch, seed=n) for n in range(2)]
    items = [factories.item(seed=n) for n in range(2)]
    own = factories.evaluation(curator, won=queries[0], lost=queries[1], items=items)
    earlier = Evaluation.objects.create(
        candidate=own.candidate, live=own.live, snapshot=factories.snapshot(curator), created_by=curator
    )
    return own, earlier


def gate(evaluation):
    return next(one for one in gates_of(evaluation.results, frozen_sets(evaluation)) if one.name == "frozen")


@pytest.mark.parametrize(("change", "is_open"), [(0.01, True), (-0.019, True), (-0.021, False)])
def test_what_forgets_does_not_pass(measured, curator, change, is_open):
    own, earlier = measured
    assert not gate(own).open  # it is not measured yet
    gain = {"mean": change, "low": change, "high": change}
    results = {**own.results, "gain": {**own.results["gain"], "mrr_at_5": gain}}
    Evaluation.objects.filter(pk=earlier.pk).update(results=results, state=Finished.READY)
    assert (gate(own).open, gate(own).measured) == (is_open, change)
    page_text = people.browser_of(curator).get(reverse("training:evaluation", args=[own.pk])).content.decode()
    assert f'data-gate="frozen" data-open="{str(is_open).lower()}"' in page_text
    if is_open:
        promotion_request(user=curator, model=own.candidate, evaluation=own)
    else:
        with pytest.raises(Refused, match="frozen"):
            promotion_request(user=curator, model=own.candidate, evaluation=own)


def test_what_was_drawn_counts_as_a_frozen_set(measured):
    """Where training began with the model that is live; else it was compared with another."""
    own, earlier = measured
    earlier.delete()
    drawn = {"queries": 176, "mrr5 before": 0.93, "mrr5": 0.9}
    own.candidate.record = {"drawn": drawn, "base": {"fingerprint": own.live.fingerprint}}
    assert (gate(own).open, gate(own).measured) == (False, -0.03)
    own.candidate.record["base"]["fingerprint"] = "another"
    assert frozen_sets(own).losses == ()


def test_a_side_that_could_not_be_asked_holds_nothing_up(measured):
    own, earlier = measured
    Evaluation.objects.filter(pk=earlier.pk).update(state=Finished.FAILED)
    assert [one.name for one in gates_of(own.results, frozen_sets(own))][-1] == "calibration"


def test_the_api_starts_pauses_and_tells(snapshot, curator):
    client = people.api_of(curator)
    values = {"snapshot": snapshot.number, "recipe": "corrections"}
    made = client.post("/api/v1/training-runs/", values, format="json").json()
    address = f"/api/v1/training-runs/{made['id']}/"
    assert (made["status"], made["split"], made["evaluations"]) == ("waiting", "block", [])
    assert made["objective"] == "contrast"
    assert client.post(f"{address}pause/").json()["status"] == "paused"
    assert client.post(f"{address}pause/").status_code == 409
    assert client.post(f"{address}resume/").json()["status"] == "waiting"
    assert client.post(f"{address}stop/").json()["status"] == "stopped"
    assert client.get(address).json()["points"] == []
    assert [one["id"] for one in client.get("/api/v1/training-runs/").json()["results"]] == [made["id"]]
    assert client.post("/api/v1/training-runs/", {**values, "recipe": "x"}, format="json").status_code == 400
    assert client.post("/api/v1/training-runs/", {**values, "snapshot": 99}, format="json").status_code == 404


def test_a_curve_lies_within_its_sheet():
    points = [{"share": n / 4, "loss": value} for n, value in enumerate([3.0, 2.0, 1.5, 1.25, 1.2])]
    line = curve("loss", "Loss", points)
    places = [tuple(map(float, place.split(","))) for place in line.places.split()]
    assert places[0][0] == line.left
    assert places[-1][0] == line.right
    assert all(line.top <= y <= line.bottom for _, y in places)
    assert [y for _, y in places] == sorted(y for _, y in places)
    assert [mark.text for mark in line.beside] == ["1.0", "1.5", "2.0", "2.5", "3.0"]
    assert (line.last, line.ends) == (1.2, places[-1])


def test_curves_of_nothing_are_empty_and_of_one_value_flat():
    assert all(line.empty for line in curves_of([]))
    assert curve("mrr", "", [{"share": 0.0, "mrr": 0.5}, {"share": 1.0, "mrr": 0.5}]).beside
    assert curve("mrr", "", [{"share": 0.0, "mrr": None}, {"share": 0.1, "mrr": float("nan")}]).empty


def test_every_recipe_in_words_is_one_of_the_library():
    folder = Path(__file__).parents[4] / "retrieval" / "train" / "finetune" / "recipes"
    assert sorted(RECIPES) == sorted(path.stem for path in folder.glob("*.toml"))
