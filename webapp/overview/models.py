"""Answers given to many queries at once, and drawings of a batch that a worker makes."""

import uuid

from django.conf import settings
from django.db import models

from webapp.batches.models import Batch, Query
from webapp.core.models import Failable
from webapp.gallery.models import Item
from webapp.review.models import Decision


class BulkAnswer(models.Model):
    """One action that answered many queries, and can be taken back as one.

    id: made in the page, so that one sent twice is done once. newest: the highest suggestion that was
    there when the person looked; whatever was suggested later is not meant. item: what a group was
    confirmed as. threshold: the least confidence of what was accepted. by_text: whether only those were whose
    character is what a text proposes for their box; the threshold is the proposal's then. after: queries up
    to this one were gone through, by the writing and, once ``undo_begun`` is set, by the taking back.
    A whole block that printed a page is one, too: each picture was answered with the item of its place.
    finished, undone: when all of it was written and taken back. undo_by: who took it back, the annotator or a
    reviewer. written, left: queries answered, and left as they were. withdrawn, stay: answers taken back, and
    those that somebody had changed.
    """

    class Kind(models.TextChoices):
        GROUP = "group", "group"
        THRESHOLD = "threshold", "threshold"
        BLOCK = "block", "block"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="bulk_answers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL)
    threshold = models.FloatField(null=True)
    by_text = models.BooleanField(default=False)
    newest = models.BigIntegerField(default=0)
    after = models.BigIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    stay = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)
    undo_begun = models.DateTimeField(null=True)
    undo_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "annotator", "-created"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class BulkRow(models.Model):
    """One query of a bulk answer. decision: what was written; empty where it was picked out as wrong."""

    bulk = models.ForeignKey(BulkAnswer, on_delete=models.CASCADE, related_name="rows")
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="bulk_rows")
    decision = models.OneToOneField(Decision, null=True, on_delete=models.CASCADE, related_name="bulk_row")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "query"], name="one_bulk_row_a_query")]


class Drawing(Failable):
    """What a worker works out of pictures' vectors, and writes to a file that can be made again.

    map: every picture's place on a plane. likeness: which pictures are nearly the same. batch: whose
    pictures; empty for a map of several, whose ids are in ``batches``, with their ``key``. fingerprint: of
    the model whose vectors were used. total: pictures that there were; queries: how many of them were drawn.
    made: when the file was written.
    """

    class Kind(models.TextChoices):
        MAP = "map", "map"
        LIKENESS = "likeness", "likeness"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="drawings")
    batches = models.JSONField(default=list)
    key = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    fingerprint = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(default=0)
    queries = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    asked = models.DateTimeField(null=True)
    made = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "kind"], name="one_drawing_a_kind"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="one_map_a_set"),
        ]
