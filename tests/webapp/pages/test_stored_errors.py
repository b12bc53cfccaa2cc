"""What failed or was refused is said in the reader's language, wherever it was written down."""

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from tests import factories
from webapp.core.refusals.words import WORDS
from webapp.datasets.models import Audit, Export, LabelImport, Snapshot
from webapp.training.models import Evaluation, ModelFile, Promotion, TrainingRun

pytestmark = pytest.mark.django_db
FAILED = {"state": "failed", "error_code": "disk_full", "error": "the disk is full", "hint": "make room"}


def evaluation(curator):
    live, candidate = factories.release().model, factories.candidate()
    row = Evaluation.objects.create(
        candidate=candidate, live=live, snapshot=factories.snapshot(curator), created_by=curator, **FAILED
    )
    return f"/models/evaluations/{row.pk}/"


def promotion(curator):
    factories.release()
    Promotion.objects.create(model=factories.candidate(), created_by=curator, **FAILED)
    return "/models/"


def training_run(curator):
    run = factories.training_run(curator, factories.snapshot(curator))
    TrainingRun.objects.filter(pk=run.pk).update(**FAILED)
    return f"/models/runs/{run.pk}/"


def evaluation_of_a_run(curator):
    evaluation(curator)
    one = Evaluation.objects.get()
    run = factories.training_run(curator, one.snapshot)
    TrainingRun.objects.filter(pk=run.pk).update(model=one.candidate, state="done")
    return f"/models/runs/{run.pk}/"


def model_file(curator):
    factories.release()
    ModelFile.objects.create(
        name="weights", sha256="a" * 64, uploaded_by=curator, **FAILED | {"state": "rejected"}
    )
    return "/models/"


def snapshot(curator):
    row = Snapshot.objects.create(number=1, created_by=curator, **FAILED)
    return f"/snapshots/{row.number}/"


def export(curator):
    batch = factories.batch(curator)
    Export.objects.create(batch=batch, owner=curator, format="csv", **FAILED)
    return f"/batches/{batch.pk}/exports/"


def audit(curator):
    row = Audit.objects.create(batch=factories.batch(curator), created_by=curator, **FAILED)
    return f"/audits/{row.pk}/"


def label_import(curator):
    row = LabelImport.objects.create(name="labels.csv", sha256="a" * 64, created_by=curator, **FAILED)
    return f"/label-imports/{row.pk}/"


STORED = (
    evaluation,
    promotion,
    training_run,
    evaluation_of_a_run,
    model_file,
    snapshot,
    export,
    audit,
    label_import,
)


@pytest.mark.parametrize("failed", STORED, ids=lambda failed: failed.__name__)
def test_it_is_said_in_the_reader_s_language(failed, curator, browse):
    address = failed(curator)
    client = browse(curator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    page = client.get(address).content.decode()
    with override("vi"):
        assert gettext(WORDS["disk_full"][0]).replace("'", "&#x27;") in page
    # An import's page adds, marked as English, which line it was.
    assert '"code small" lang="en"' in page or "the disk is full" not in page
    assert "make room" not in page


@pytest.mark.parametrize("failed", STORED[:-1], ids=lambda failed: failed.__name__)
def test_readers_of_english_get_the_words_as_they_were_written_down(failed, curator, browse):
    page = browse(curator).get(failed(curator)).content.decode()
    assert "the disk is full" in page
