"""Labelled sets that leave the product."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Batch, Query
from webapp.core.models import Failable
from webapp.gallery.models import Item
from webapp.pages.models import Page
from webapp.registry.models import ModelVersion
from webapp.review.models import Decision


class Snapshot(Failable):
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
    digest = models.CharField(max_length=64, blank=True)
    origins = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(null=True)
    card = models.JSONField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    frozen = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"snapshot {self.number}"


class Export(Failable):
    """One file of labels: of a batch as they are now, or of a snapshot as they were. Written by a worker.

    page: of the batch's document, where it is the only one that was wanted.
    format: a name out of ``exports.formats``. split: by which split its rows are marked, or put into folders.
    size: bytes; sha256: of the file. Both empty until it is ready. missing: files that could not be put in,
    the first hundred, as ``MissingFile`` of ``exports.sources`` has them; missing_count: how many there are.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    class Split(models.TextChoices):
        BLOCK = "block", _("by block")
        CHARACTER = "character", _("by character")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="exports")
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.CASCADE, related_name="exports")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="exports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    format = models.CharField(max_length=20)
    split = models.CharField(max_length=10, choices=Split.choices, default=Split.BLOCK)
    with_images = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    missing = models.JSONField(default=list)
    missing_count = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(batch__isnull=False, snapshot__isnull=True)
                | models.Q(batch__isnull=True, snapshot__isnull=False),
                name="of_a_batch_or_a_snapshot",
            )
        ]

    @property
    def source(self) -> Batch | Snapshot:
        """The batch or the snapshot that it is of."""
        return _one_of(self.batch, self.snapshot)


class Audit(Failable):
    """Labels that a worker weighed, of a batch as they were then, or of a snapshot; it changes none.

    model: whose vectors they were weighed with. labels: how many were weighed; left_out: how many had no
    picture that could be read. wrong: how many confident learning counts as wrong. heard, ruled: the newest
    decision and ruling when it began; what came later looks at a row. All of that is empty until it is ready.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="audits")
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.CASCADE, related_name="audits")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    labels = models.PositiveIntegerField(null=True)
    left_out = models.PositiveIntegerField(null=True)
    wrong = models.PositiveIntegerField(null=True)
    heard = models.BigIntegerField(default=0)
    ruled = models.BigIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    made = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(batch__isnull=False, snapshot__isnull=True)
                | models.Q(batch__isnull=True, snapshot__isnull=False),
                name="an_audit_of_a_batch_or_a_snapshot",
            )
        ]

    def __str__(self) -> str:
        return f"audit {self.pk}"

    @property
    def source(self) -> Batch | Snapshot:
        """The batch or the snapshot that it is of."""
        return _one_of(self.batch, self.snapshot)


class AuditRow(models.Model):
    """A label that an audit doubts.

    rank: from 1, the most doubtful first. doubt: in [0, 1]. decision: the label that was weighed. suggested:
    the block that fits better, as far as there is one. character: what the picture looks like, where no
    block shows it. other: a picture nearly the same as this one, whose label says otherwise. state: what
    became of the label since.
    """

    class Kind(models.TextChoices):
        CHARACTER = "character", _("another character fits better")
        BLOCK = "block", _("another block of the character fits better")
        NONE = "none", _("a block fits, but “none” was chosen")
        CONTRADICTION = "contradiction", _("a nearly identical picture has another label")

    class State(models.TextChoices):
        OPEN = "open", _("to review")
        KEPT = "kept", _("kept")
        CHANGED = "changed", _("changed")

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="rows")
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="audit_rows")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    doubt = models.FloatField()
    suggested = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    character = models.CharField(max_length=16, blank=True)
    other = models.ForeignKey(Query, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["audit", "query"], name="one_row_a_label")]
        indexes = [models.Index(fields=["audit", "state", "rank"])]


class LabelImport(Failable):
    """A file of labels that was brought in: read first, then applied, and taken back as a whole if need be.

    sha256: of the stored file. by_name_in: the batch in which pictures without a hash are known by their
    names; None where they are not. replace: whether the file's labels stand where others stood. after: rows
    up to this one were gone through, by the applying or the taking back. written, left: rows that became
    decisions, and those that could not. withdrawn, stay: decisions taken back, and those that somebody had
    changed."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSONL = "jsonl", "JSON Lines"
        LABEL_STUDIO = "label_studio", "Label Studio"

    class State(models.TextChoices):
        READING = "reading", _("reading")
        READ = "read", _("preview")
        APPLYING = "applying", _("importing")
        APPLIED = "applied", _("imported")
        UNDOING = "undoing", _("undoing")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("rejected")

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=20, choices=Format.choices, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    by_name_in = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    replace = models.BooleanField(default=False)
    after = models.BigIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    stay = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class LabelImportRow(models.Model):
    """What a file says of one picture, and what came of it. It is where an imported decision comes from.

    line: of the file, from 1. picture, told: the picture and its label in the file's words. said_by, said:
    who said so, and when, as the file has it. query, verdict, item, relation, reason, comment, also: as a
    decision has them; query is None where the picture is not here. standing: how it stands beside what is
    here. word: why it cannot be used. decision: what it became. before: what the same person had said of
    it, which is said again when the file is taken back.
    """

    class Standing(models.TextChoices):
        NEW = "new", _("new")
        SAME = "same", _("same as here")
        DIFFERENT = "different", _("differs from here")
        NO_PICTURE = "no_picture", _("picture not found")
        NO_BLOCK = "no_block", _("block not found")
        BAD = "bad", _("cannot be read")

    upload = models.ForeignKey(LabelImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    picture = models.TextField(blank=True)
    told = models.TextField(blank=True)
    said_by = models.CharField(max_length=255, blank=True)
    said = models.CharField(max_length=40, blank=True)
    query = models.ForeignKey(Query, null=True, on_delete=models.CASCADE, related_name="import_rows")
    verdict = models.CharField(max_length=10, blank=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    relation = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    comment = models.TextField(blank=True)
    also = models.JSONField(default=list)
    standing = models.CharField(max_length=12, choices=Standing.choices)
    word = models.TextField(blank=True)
    decision = models.OneToOneField(Decision, null=True, on_delete=models.CASCADE, related_name="import_row")
    before = models.ForeignKey(Decision, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["upload", "query"], name="one_import_row_a_query")]
        indexes = [models.Index(fields=["upload", "standing", "id"])]


def _one_of(batch: Batch | None, snapshot: Snapshot | None) -> Batch | Snapshot:
    """The one that is there; the database keeps no row with both, and none without."""
    return next(source for source in (batch, snapshot) if source is not None)
