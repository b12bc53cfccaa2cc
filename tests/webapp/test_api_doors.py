"""The API's doors by who comes: a table, which a new door must enter too."""

import re

import pytest

from tests import factories, people
from tests.webapp.test_strangers import DOORS
from webapp.batches.trash import batch_delete
from webapp.blocks.models import Block, Scan, Upload
from webapp.datasets.models import Audit, Export, LabelImport
from webapp.documents.models import BoxImport, Transcription
from webapp.hooks.events import trial_send
from webapp.hooks.models import EventKind
from webapp.hooks.services import hook_create
from webapp.printed.models import PageMatch
from webapp.registry.selectors import model_path
from webapp.training.models import Evaluation, ModelFile, Promotion, TrainingRun

# Who gets in. A private batch is its owner's and the curators'; a shared one is read and answered by all.
READ, KEEP, ALL, CURATE = "a batch's reader", "a batch's keeper", "everybody", "curators"
RULE, MEASURE = "reviewers who read the batch", "curators, of a batch"

TABLE = [
    ("batches/", "get", ALL),
    ("batches/", "post", ALL),
    ("batches/{batch}/", "get", READ),
    ("batches/{batch}/", "patch", KEEP),
    ("batches/{batch}/", "delete", KEEP),
    ("batches/{batch}/files/", "post", KEEP),
    ("batches/{batch}/maybe-pages/", "post", KEEP),
    ("batches/{batch}/search/", "post", KEEP),
    ("batches/{batch}/parts/", "get", READ),
    ("batches/{batch}/deal/", "post", READ),
    ("batches/{batch}/hold/", "post", READ),
    ("batches/{batch}/release/", "post", READ),
    ("documents/", "get", ALL),
    ("documents/", "post", ALL),
    ("documents/manifests/", "post", ALL),
    ("documents/{document}/", "get", READ),
    ("documents/{document}/", "patch", KEEP),
    ("documents/{document}/files/", "post", KEEP),
    ("documents/{document}/pages/", "get", READ),
    ("documents/{document}/order/", "post", KEEP),
    ("documents/{document}/boxes/", "get", READ),
    ("documents/{document}/boxes/", "post", READ),
    ("documents/{document}/boxes/{box_import}/", "get", READ),
    ("documents/{document}/texts/", "get", READ),
    ("documents/{document}/texts/", "post", READ),
    ("documents/{document}/texts/{text}/", "get", READ),
    ("pages/{page}/", "get", READ),
    ("pages/{page}/", "patch", KEEP),
    ("pages/{page}/", "delete", KEEP),
    ("pages/{page}/locate/", "post", READ),
    ("pages/{page}/turn/", "post", READ),
    ("pages/{page}/boxes/", "get", READ),
    ("pages/{page}/edits/", "post", READ),
    ("pages/{page}/changes/", "get", READ),
    ("pages/{page}/undo/", "post", READ),
    ("pages/{page}/redo/", "post", READ),
    ("pages/{page}/snap/", "post", READ),
    ("blocks/", "get", ALL),
    ("blocks/", "post", CURATE),
    ("blocks/{block}/", "get", ALL),
    ("blocks/{block}/", "patch", CURATE),
    ("blocks/{block}/", "delete", CURATE),
    ("blocks/{block}/scans/", "post", CURATE),
    ("scans/{scan}/", "get", ALL),
    ("scans/{scan}/", "delete", CURATE),
    ("scans/{scan}/again/", "post", CURATE),
    ("scans/{scan}/places/", "get", ALL),
    ("scans/{scan}/edits/", "post", CURATE),
    ("scans/{scan}/characters/", "post", CURATE),
    ("block-uploads/", "post", CURATE),
    ("block-uploads/{tus}/", "head", CURATE),
    ("block-uploads/{tus}/", "patch", CURATE),
    ("block-uploads/{tus}/", "delete", CURATE),
    ("pages/{page}/blocks/", "get", READ),
    ("pages/{page}/blocks/", "post", READ),
    ("matches/{match}/", "get", READ),
    ("matches/{match}/confirm/", "post", READ),
    ("matches/{match}/reject/", "post", READ),
    ("matches/{match}/undo/", "post", READ),
    ("documents/{document}/blocks/", "get", READ),
    ("documents/{document}/blocks/", "post", READ),
    ("blocks/{woodblock}/prints/", "get", ALL),
    ("trash/", "get", CURATE),
    ("trash/{trashed}/", "post", CURATE),
    ("trash/{trashed}/", "delete", CURATE),
    ("batches/{batch}/settings/", "get", READ),
    ("batches/{batch}/settings/", "patch", KEEP),
    ("batches/{batch}/people/", "get", RULE),
    ("batches/{batch}/blind/", "get", MEASURE),
    ("queries/", "get", ALL),
    ("queries/?batch={batch}", "get", READ),
    ("queries/{query}/", "get", READ),
    ("queries/{query}/candidates/", "get", READ),
    ("queries/{query}/decisions/", "get", READ),
    ("queries/{query}/decisions/", "post", READ),
    ("queries/{query}/remarks/", "post", READ),
    ("queries/{query}/rulings/", "get", READ),
    ("queries/{query}/rulings/", "post", RULE),
    ("queries/{query}/gold/", "put", MEASURE),
    ("queries/{query}/gold/", "delete", MEASURE),
    ("exports/", "get", ALL),
    ("exports/", "post", READ),
    ("exports/{export}/", "get", READ),
    ("exports/{export}/download/", "get", READ),
    ("items/", "get", ALL),
    ("items/", "post", CURATE),
    ("items/{item}/", "get", ALL),
    ("items/{item}/", "patch", CURATE),
    ("imports/{upload}/", "get", ALL),
    ("snapshots/", "get", CURATE),
    ("snapshots/", "post", CURATE),
    ("snapshots/{snapshot}/", "get", CURATE),
    ("snapshots/{snapshot}/difference/", "get", CURATE),
    ("audits/", "get", CURATE),
    ("audits/", "post", CURATE),
    ("audits/{audit}/", "get", CURATE),
    ("audits/{audit}/rows/", "get", CURATE),
    ("label-imports/", "get", CURATE),
    ("label-imports/", "post", CURATE),
    ("label-imports/{brought}/", "get", CURATE),
    ("label-imports/{brought}/rows/", "get", CURATE),
    ("label-imports/{brought}/apply/", "post", CURATE),
    ("label-imports/{brought}/undo/", "post", CURATE),
    ("models/", "get", CURATE),
    ("models/", "post", CURATE),
    ("models/{model}/", "get", CURATE),
    ("models/{model}/file/", "get", CURATE),
    ("models/files/{model_file}/", "get", CURATE),
    ("evaluations/", "get", CURATE),
    ("evaluations/", "post", CURATE),
    ("evaluations/{evaluation}/", "get", CURATE),
    ("promotions/", "get", CURATE),
    ("promotions/", "post", CURATE),
    ("promotions/{promotion}/", "get", CURATE),
    ("releases/", "get", CURATE),
    ("releases/live/", "get", CURATE),
    ("releases/{release}/back/", "post", CURATE),
    ("training-runs/", "get", CURATE),
    ("training-runs/", "post", CURATE),
    ("training-runs/{run}/", "get", CURATE),
    ("training-runs/{run}/pause/", "post", CURATE),
    ("training-runs/{run}/resume/", "post", CURATE),
    ("training-runs/{run}/stop/", "post", CURATE),
    ("webhooks/", "get", CURATE),
    ("webhooks/", "post", CURATE),
    ("webhooks/{hook}/", "get", CURATE),
    ("webhooks/{hook}/", "patch", CURATE),
    ("webhooks/{hook}/", "delete", CURATE),
    ("webhooks/{hook}/secret/", "post", CURATE),
    ("webhooks/{hook}/trial/", "post", CURATE),
    ("webhooks/{hook}/deliveries/", "get", CURATE),
    ("webhooks/{hook}/deliveries/{delivery}/again/", "post", CURATE),
    ("schema/", "get", ALL),
]
# Status of a refusal, or 0 for one who gets in, by: rule, whether the batch is shared, who.
REFUSALS = {
    (READ, False, "teammate"): 404,
    (READ, False, "reviewer"): 404,
    (KEEP, False, "teammate"): 404,
    (KEEP, False, "reviewer"): 404,
    (KEEP, True, "teammate"): 403,
    (KEEP, True, "reviewer"): 403,
    **{(rule, False, who): 404 for rule in (RULE, MEASURE) for who in ("teammate", "reviewer")},
    **{(RULE, shared, "owner"): 403 for shared in (False, True)},
    (RULE, True, "teammate"): 403,
    **{(MEASURE, shared, "owner"): 403 for shared in (False, True)},
    **{(MEASURE, True, who): 403 for who in ("teammate", "reviewer")},
    **{(CURATE, shared, who): 403 for shared in (False, True) for who in ("owner", "teammate", "reviewer")},
}
PEOPLE = ("owner", "teammate", "reviewer", "curator")
# What is not a batch's does not ask whether that is shared.
CASES = [
    (*row, shared) for row in TABLE for shared in (False, True) if not shared or row[2] not in {CURATE, ALL}
]


@pytest.fixture
def things(owner):
    """One of each, all of the owner's private batch."""
    batch = factories.batch(owner)
    query, item = factories.query(batch), factories.item()
    factories.suggestions(query, [item])
    export = Export.objects.create(batch=batch, owner=owner, format="csv")
    snapshot = factories.snapshot(people.curator())
    values = {
        "snapshot": snapshot.number,
        "batch": batch.pk,
        "query": query.pk,
        "item": item.pk,
        "export": export.pk,
        "upload": item.upload_id,
        **models(snapshot),
        **hooks(),
        **care(batch),
        "trashed": trashed(),
        **pages(batch),
        **blocks(),
    }
    return batch, values


def trashed():
    """Another batch, which was deleted."""
    batch = factories.batch(people.curator())
    batch_delete(batch=batch, by=batch.owner)
    return batch.pk


def pages(batch):
    """A page of the batch's document."""
    page = factories.page(factories.document(batch.owner, batch=batch))
    text = Transcription.objects.create(document=page.document, person=batch.owner, text="天")
    upload = BoxImport.objects.create(document=page.document, person=people.owner())
    found = {"document": page.document_id, "page": page.pk, "text": text.pk, "box_import": upload.pk}
    return found | woodblocks(page)


def woodblocks(page):
    """A whole block, laid under the page."""
    block = Block.objects.create(name="A-1")
    scan = Scan.objects.create(block=block, name="a.stl", sha256="0" * 64, state="ready")
    figures = {"inliers": 9, "residual_mm": 0.3, "p": 1e-20, "overlap": 0.9, "believed": True}
    match = PageMatch.objects.create(page=page, scan=scan, **figures)
    return {"woodblock": block.pk, "match": match.pk}


def blocks():
    """A block with a scan that was read, and one that comes in pieces."""
    block = Block.objects.create(name="Kiều 1")
    scan = Scan.objects.create(block=block, name="a.stl", sha256="4" * 64, state="ready", px_per_mm=10.0)
    upload = Upload.objects.create(owner=people.curator(), block=block, name="b.stl", size=9)
    return {"block": block.pk, "scan": scan.pk, "tus": upload.pk}


def care(batch):
    """An audit, and a file of labels that was read."""
    made = {"created_by": people.curator()}
    audit = Audit.objects.create(batch=batch, **made)
    brought = LabelImport.objects.create(name="labels.csv", sha256="0" * 64, state="read", **made)
    return {"audit": audit.pk, "brought": brought.pk}


def models(snapshot):
    """A model with its file, measured, promoted and live."""
    release, curator = factories.release(), people.curator()
    path = model_path(release.model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    made = {"created_by": curator}
    evaluation = Evaluation.objects.create(
        candidate=release.model, live=release.model, snapshot=snapshot, **made
    )
    promotion = Promotion.objects.create(model=release.model, state="ready", release=release, **made)
    run = TrainingRun.objects.create(snapshot=snapshot, recipe="corrections", base=release.model, **made)
    file = ModelFile.objects.create(name="x", sha256="2" * 64, uploaded_by=curator)
    return {
        "model": release.model_id,
        "model_file": file.pk,
        "evaluation": evaluation.pk,
        "promotion": promotion.pk,
        "release": release.pk,
        "run": run.pk,
    }


def hooks():
    """A webhook, with a message on its way."""
    hook, _ = hook_create(
        user=people.curator(), name="a", url="https://example.org/", events=EventKind.values
    )
    return {"hook": hook.pk, "delivery": trial_send(hook=hook).pk}


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("path", "method", "rule", "shared"), CASES)
def test_who_gets_in(api, things, path, method, rule, shared, who):
    batch, result = things
    batch.shared = shared
    batch.save()
    client = api(getattr(people, who)())
    ask = getattr(client, method)
    body = {"batch": batch.pk, "format": "csv"} if path == "exports/" and method == "post" else {}
    kind = {} if method in {"get", "head"} else {"format": "multipart" if _takes_files(path) else "json"}
    answer = ask(f"/api/v1/{path.format(**result)}", body, **kind)
    refusal = REFUSALS.get((rule, shared, who), 0)
    if refusal:
        assert answer.status_code == refusal
    else:
        assert answer.status_code not in {401, 403, 404, 405}
        assert answer.status_code < 500


def _takes_files(path):
    whole = {"batches/", "documents/", "items/", "label-imports/", "models/"}
    return path in whole or path.endswith(("/files/", "/scans/"))


def test_no_door_is_forgotten():
    zero = "00000000-0000-4000-8000-000000000000"
    named = {name for path, *_ in TABLE for name in re.findall(r"{(\w+)}", path)}
    filling = dict.fromkeys(named, 1) | {"export": zero, "tus": zero}
    in_table = {f"/api/v1/{path.split('?')[0]}".format(**filling) for path, *_ in TABLE}
    there = {address for _, address in DOORS if address.startswith("/api/v1/")} - {"/api/v1/docs/"}
    assert there == in_table
