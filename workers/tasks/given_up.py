"""Whom to tell when a job was given up: those it was for must not wait for ever."""

from webapp.batches.models import BatchArchive
from webapp.batches.services import archive_refuse, queries_refuse
from webapp.core.errors import Refused
from webapp.datasets.audits.services import audit_fail
from webapp.datasets.exports.services import export_fail
from webapp.datasets.imports.services import import_fail
from webapp.datasets.models import Export, Snapshot
from webapp.datasets.snapshots.services import snapshot_fail
from webapp.gallery.services import archive_reject, items_reject
from webapp.hooks.deliveries import delivery_give_up
from webapp.overview.maps.services import drawing_fail
from webapp.training.runs import run_fail
from webapp.training.services import evaluation_fail, model_file_refuse, promotion_fail


def items(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the items that still wait."""
    items_reject(pks=payload["items"], code=code, error=error, hint=hint)


def import_archive(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the zip of meshes."""
    archive_reject(pk=payload["archive"], code=code, error=error, hint=hint)


def queries(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the queries that still wait."""
    queries_refuse(queries=payload["queries"], error=Refused(error, hint=hint, code=code))


def batch_archive(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the zip of pictures."""
    for archive in BatchArchive.objects.filter(pk=payload["archive"]):
        archive_refuse(archive=archive, code=code, error=error, hint=hint)


def export(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the export could not be written."""
    for wanted in Export.objects.filter(pk=payload["export"]):
        export_fail(export=wanted, error=error, hint=hint)


def snapshot(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the snapshot could not be frozen."""
    for wanted in Snapshot.objects.filter(pk=payload["snapshot"]):
        snapshot_fail(snapshot=wanted, error=error, hint=hint)


def drawing(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that it could not be drawn."""
    drawing_fail(pk=payload["drawing"], code=code, error=error, hint=hint)


def model_file(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the weights file."""
    model_file_refuse(pk=payload["file"], code=code, error=error, hint=hint)


def evaluation(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the candidate could not be measured."""
    evaluation_fail(pk=payload["evaluation"], error=error, hint=hint)


def promotion(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the model could not be promoted, and make way for another."""
    promotion_fail(pk=payload["promotion"], error=error, hint=hint)


def delivery(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the message was not sent."""
    delivery_give_up(pk=payload["delivery"], code=code, error=error)


def training_run(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that it could not be trained; what it learned so far is kept."""
    run_fail(pk=payload["run"], error=error, hint=hint)


def audit(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the labels could not be weighed."""
    audit_fail(pk=payload["audit"], error=error, hint=hint)


def label_import(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Say that the file of labels could not be gone through."""
    import_fail(pk=payload["import"], code=code, error=error, hint=hint)
