"""The models' pages: for curators alone, and every state of every piece of work is shown."""

import hashlib
import io

import pytest
from django.urls import reverse

from tests import factories, people
from tests.markup import markup
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import live_release, model_path
from webapp.training.models import Evaluation, Finished, ModelFile, Promotion

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return factories.release()


@pytest.fixture
def measured(release, curator, owner):
    """An evaluation that opens every gate, of one query that would be won and one that would be lost."""
    batch = factories.batch(owner)
    queries = [factories.query(batch, seed=n, name=f"{n}.png") for n in range(2)]
    items = [factories.item(seed=n) for n in range(2)]
    return factories.evaluation(curator, won=queries[0], lost=queries[1], items=items)


@pytest.fixture
def candidate(request, release):
    """The candidate of what was measured, or one of which nothing is known."""
    if "measured" in request.fixturenames:
        return request.getfixturevalue("measured").candidate
    return factories.candidate()


ADDRESSES = [
    ("get", "models", []),
    ("post", "add", []),
    ("get", "download", ["candidate"]),
    ("post", "evaluate", ["candidate"]),
    ("post", "promote", ["candidate"]),
    ("get", "evaluation", ["measured"]),
    ("post", "roll_back", ["release"]),
]


@pytest.mark.parametrize("who", ["owner", "reviewer"])
@pytest.mark.parametrize(("method", "name", "of"), ADDRESSES, ids=[name for _, name, _ in ADDRESSES])
def test_only_curators_come_in(release, candidate, measured, method, name, of, who, request):
    args = [request.getfixturevalue(one).pk for one in of]
    client = people.browser_of(getattr(people, who)())
    assert getattr(client, method)(reverse(f"training:{name}", args=args)).status_code == 403
    assert not Promotion.objects.exists()


def page(user, name="models", *args):
    return markup(people.browser_of(user).get(reverse(f"training:{name}", args=args)))


def test_a_file_is_sent_and_waits(release, curator):
    client = people.browser_of(curator)
    client.post(reverse("training:add"), {"file": io.BytesIO(b"weights")}, follow=True)
    file = ModelFile.objects.get()
    assert Job.objects.get(kind="model.read").payload == {"file": file.pk}
    assert 'data-testid="model-file" data-state="waiting"' in page(curator)
    assert client.post(reverse("training:add")).status_code == 400


def test_a_refused_file_says_why(release, curator):
    ModelFile.objects.create(
        name="x.safetensors",
        sha256="2" * 64,
        uploaded_by=curator,
        state="rejected",
        error="it is damaged",
        hint="copy it",
    )
    assert "it is damaged copy it" in page(curator)


def test_the_live_model_is_marked(release, candidate, curator):
    page_text = page(curator)
    assert f'data-model="{release.model_id}" data-live="true"' in page_text
    assert f'data-model="{candidate.pk}" data-live="false"' in page_text


def test_a_model_is_taken_away_as_one_file(release, candidate, curator):
    path = model_path(candidate)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    answer = people.browser_of(curator).get(reverse("training:download", args=[candidate.pk]))
    assert b"".join(answer.streaming_content) == b"weights"
    assert 'filename="new-11111111.safetensors"' in answer.headers["Content-Disposition"]


def test_an_evaluation_is_asked_for(release, candidate, curator):
    snapshot = factories.snapshot(curator)
    client = people.browser_of(curator)
    address = reverse("training:evaluate", args=[candidate.pk])
    answer = client.post(address, {"snapshot": snapshot.number, "split": "character"})
    made = Evaluation.objects.get()
    assert answer.url == reverse("training:evaluation", args=[made.pk])
    assert (made.snapshot, made.split, made.live) == (snapshot, "character", release.model)
    assert 'data-state="waiting"' in page(curator, "evaluation", made.pk)
    assert client.post(address, {"snapshot": "9" * 40}).status_code == 404
    assert client.post(address, {"snapshot": snapshot.number, "split": "x"}).status_code == 400


def test_what_was_measured_is_shown(measured, curator):
    page_text = page(curator, "evaluation", measured.pk)
    assert page_text.count('data-open="true"') == 4
    assert 'data-testid="cases-won"' in page_text
    assert 'data-testid="cases-lost"' in page_text
    assert "characters in the BMP" in page_text


def test_a_failed_one_says_why(measured, curator):
    Evaluation.objects.update(state=Finished.FAILED, error="no query", hint="label more")
    page_text = page(curator, "evaluation", measured.pk)
    assert "no query" in page_text
    assert "label more" in page_text


def test_it_is_promoted_by_what_was_measured(measured, candidate, curator):
    client = people.browser_of(curator)
    client.post(reverse("training:promote", args=[candidate.pk]), {"evaluation": measured.pk})
    made = Promotion.objects.get()
    assert (made.model, made.evaluation) == (candidate, measured)
    assert 'data-testid="promotion" data-state="waiting"' in page(curator)


def test_without_reason_nothing_unmeasured_is_promoted(candidate, curator):
    answer = people.browser_of(curator).post(reverse("training:promote", args=[candidate.pk]))
    assert answer.status_code == 400
    assert not Promotion.objects.exists()


def test_a_stale_evaluation_is_told(measured, candidate, release, curator):
    Release.objects.update(live=False)
    other = ModelVersion.objects.create(name="third", sha256="3" * 64, fingerprint="3", width=4, recipe={})
    Release.objects.create(model=other, live=True)
    assert "Evaluate again" in page(curator, "evaluation", measured.pk)
    answer = people.browser_of(curator).post(
        reverse("training:promote", args=[candidate.pk]), {"evaluation": measured.pk}
    )
    assert answer.status_code == 400


def test_going_back_is_one_click(release, candidate, curator):
    release.model.sha256 = hashlib.sha256(b"weights").hexdigest()
    release.model.save()
    for model in (release.model, candidate):
        model_path(model).parent.mkdir(parents=True, exist_ok=True)
        model_path(model).write_bytes(b"weights")
    Release.objects.update(live=False)
    Release.objects.create(model=candidate, live=True)
    assert 'data-testid="roll-back"' in page(curator)
    people.browser_of(curator).post(reverse("training:roll_back", args=[release.pk]))
    assert live_release().model == release.model
    assert Release.objects.filter(live=True).count() == 1


def test_a_page_that_waits_is_told_when_all_is_done(measured, candidate, curator):
    client = people.browser_of(curator)
    headers = {"HX-Request": "true"}
    assert client.get(reverse("training:models"), headers=headers).headers["HX-Refresh"] == "true"
    Promotion.objects.create(model=candidate, created_by=curator)
    assert "HX-Refresh" not in client.get(reverse("training:models"), headers=headers).headers


def test_scores_by_labels_that_no_ranking_led_stand_beside_the_plain_ones(measured, curator):
    page_text = page(curator, "evaluation", measured.pk)
    assert 'data-testid="corrected" data-blind="40"' in page_text
    assert "use only the 40 queries answered on blind cards" in page_text
    assert "MRR@5 is higher by 0.050 [0.010, 0.090] for the live model" in page_text


def test_too_few_blind_answers_are_told(measured, curator):
    measured.results["corrected"] = {"blind": 1, "least": 30}
    measured.save()
    page_text = page(curator, "evaluation", measured.pk)
    assert "Only 1 of these queries was answered on a blind card; at least 30" in page_text
    assert 'data-testid="leaning"' not in page_text


def test_an_evaluation_of_before_has_no_corrected_scores(measured, curator):
    del measured.results["corrected"]
    measured.save()
    assert 'data-testid="corrected"' not in page(curator, "evaluation", measured.pk)


def test_the_very_carving_and_its_character_stand_beside_each_other(measured, curator):
    assert 'data-testid="carvings"' not in page(curator, "evaluation", measured.pk)
    change = {name: {"mean": 0.05, "low": 0.01, "high": 0.09} for name in ("live", "candidate", "gain")}
    measured.results["carvings"] = {"queries": 25, "carving": change, "character": change}
    measured.save()
    page_text = page(curator, "evaluation", measured.pk)
    assert 'data-testid="carvings" data-queries="25"' in page_text
    assert 'data-gate="carvings"' in page_text
    assert "MRR@5 of the same carving changes by 0.050" in page_text
