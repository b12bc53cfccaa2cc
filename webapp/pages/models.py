"""Documents, their pages, and the boxes of the characters on them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Batch, FromArchive, Query
from webapp.core.models import Refusable

CHARACTER_LENGTH = 16
"""Code points of one character, with its variation selectors or its description sequence."""


class Document(models.Model):
    """A book's scans in order. Its batch has its owner, sharing, permissions and trash, and its title.

    The crops of its boxes are queries of that batch. date: as the book or its catalogue has it. fields: what
    else is known of it, texts by their names. ordered: whether a person put the pages in order; until then
    they stand in the natural order of their names.
    """

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="document")
    source = models.TextField(blank=True)
    shelf_mark = models.TextField(blank=True)
    date = models.TextField(blank=True)
    rights = models.TextField(blank=True)
    note = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    ordered = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name of its batch."""
        return self.batch.name


class Page(FromArchive, Refusable):
    """One scan of a document.

    sha256: of its picture. position: its place in the document, from 1. width, height: pixels of the picture
    as it is shown, that is after ``turn``; None until it was read. turn: quarter turns in degrees, clockwise,
    that make it upright. turned_by: who chose the turn; empty where nobody did. angle: degrees of skew that
    are left, clockwise positive. version: one more with every edit. located_by: fingerprint of the localiser
    that found its boxes. finding: what the reading noticed, as a word for programs: "blank",
    "no_text" (a picture, but no characters), "too_many" or "overlapping". queued: whether a job was written
    for it.
    """

    class Turned(models.TextChoices):
        MODEL = "model", "model"
        PERSON = "person", "person"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    turn = models.PositiveSmallIntegerField(default=0)
    turned_by = models.CharField(max_length=10, choices=Turned.choices, blank=True)
    angle = models.FloatField(default=0.0)
    version = models.PositiveIntegerField(default=1)
    located_by = models.CharField(max_length=64, blank=True)
    finding = models.CharField(max_length=40, blank=True)
    queued = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "sha256"], name="one_page_a_picture"),
            models.UniqueConstraint(fields=["archive", "entry"], name="one_page_an_entry"),
        ]
        indexes = [
            models.Index(fields=["document", "position"]),
            models.Index(fields=["state"], condition=models.Q(queued=False), name="page_not_yet_queued"),
        ]

    def __str__(self) -> str:
        return self.name


class Box(models.Model):
    """One character's place on a page, in pixels of the page as it is shown.

    score: the localiser's, in [0, 1]; None where a person or a file set the box. column: from 1.
    order: boxes are read by rising order; gaps and fractions leave room between two. proposal: the character
    that a text says it is, with its source and how well it fits, in [0, 1].
    moved: whether the box was moved far since ``moved_from``, {"x", "y", "w", "h", "at"}: where it was when
    it was answered. deleted: since when; it can be restored. query: its crop; None until it was cut out.
    stale: whether the crop is still to be cut out, or cut out anew. version: of the page, when the box was
    last changed; edited_by: by whom, None for the localiser.
    """

    class Kind(models.TextChoices):
        MAIN = "main", _("text")
        NOTE = "note", _("note")
        HEAD = "head", _("headnote")
        FOLD = "fold", _("fold title")
        MARGIN = "margin", _("margin")

    class Source(models.TextChoices):
        MODEL = "model", _("found")
        PERSON = "person", _("drawn")
        IMPORT = "import", _("imported")

    class ProposalSource(models.TextChoices):
        TEXT = "text", _("transcription")
        IMPORT = "import", _("imported")
        LABEL = "label", _("imported label")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="boxes")
    x = models.FloatField()
    y = models.FloatField()
    w = models.FloatField()
    h = models.FloatField()
    score = models.FloatField(null=True)
    column = models.PositiveIntegerField(default=1)
    order = models.FloatField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MAIN)
    source = models.CharField(max_length=10, choices=Source.choices)
    proposal = models.CharField(max_length=CHARACTER_LENGTH, blank=True)
    proposal_source = models.CharField(max_length=10, choices=ProposalSource.choices, blank=True)
    proposal_score = models.FloatField(null=True)
    not_character = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)
    moved_from = models.JSONField(null=True)
    deleted = models.DateTimeField(null=True)
    query = models.OneToOneField(Query, null=True, on_delete=models.SET_NULL, related_name="box")
    stale = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name_plural = "boxes"
        indexes = [
            models.Index(fields=["page", "order"]),
            models.Index(fields=["page"], condition=models.Q(stale=True), name="boxes_to_crop"),
        ]


class Edit(models.Model):
    """What one person did to a page's boxes in one go, so that it can be undone and done again.

    forward, inverse: [{"box": id, field: value}], what the boxes became and what they were. A box that was
    added was "deleted" before. Both are empty while a worker still has its part to do, as fitting to the ink.
    undone: whether it was undone, and not done again. version: of the page, when it was last done or undone.
    key: made where it was sent from, so that it is done once.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="edits")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    forward = models.JSONField()
    inverse = models.JSONField()
    undone = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    key = models.UUIDField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["page", "person", "id"])]
