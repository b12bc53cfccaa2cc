"""Labelled sets that leave the product."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Batch


class Snapshot(models.Model):
    """The labels of one moment, frozen by a worker: numbered, hashed, never changed.

    number: from 1 on; without gaps, but for those that failed. digest: SHA-256 of the manifest, the same for
    the same labels. origins: of the file that says where each label comes from. count: of labels. card: the
    data card. Digest, origins, count, card and frozen are empty until it is ready.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    number = models.PositiveIntegerField(unique=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    origins = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(null=True)
    card = models.JSONField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    frozen = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"snapshot {self.number}"


class Export(models.Model):
    """One file of labels: of a batch as they are now, or of a snapshot as they were. Written by a worker.

    split: by which of a snapshot's splits its rows are marked, or put into folders. size: bytes; sha256: of
    the file. Both empty until it is ready.
    """

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSONL = "jsonl", "JSON Lines"
        COURSE = "course", _("the course's query,label")
        EXCEL = "excel", _("CSV for Excel")
        PARQUET = "parquet", "Parquet"
        OML = "oml", "open-metric-learning"
        HUGGINGFACE = "huggingface", "Hugging Face datasets"
        WEBDATASET = "webdataset", "WebDataset"
        FOLDERS = "folders", _("a folder for each codepoint")
        COCO = "coco", "COCO"
        LABEL_STUDIO = "label_studio", "Label Studio"
        TRIPLETS = "triplets", _("triplets with hard negatives")
        PAIRS = "pairs", _("pairs by relation")

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    class Split(models.TextChoices):
        BLOCK = "block", _("by block")
        CHARACTER = "character", _("by character")

    OF_BATCHES = (Format.CSV, Format.JSONL, Format.COURSE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="exports")
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.CASCADE, related_name="exports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    format = models.CharField(max_length=20, choices=Format.choices)
    split = models.CharField(max_length=10, choices=Split.choices, default=Split.BLOCK)
    with_images = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(batch__isnull=False, snapshot__isnull=True)
                | models.Q(batch__isnull=True, snapshot__isnull=False),
                name="of_a_batch_or_a_snapshot",
            )
        ]
