"""Texts that people laid along the boxes of a document, and files of boxes that they imported."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.core.models import Failable
from webapp.pages.models import Document, Page


class Transcription(Failable):
    """A text that is known, laid by a worker along the boxes of a document or of one page.

    page: the only one; None for the whole document. name: of its file; empty for one that was pasted. text:
    a line for each line, an empty line between pages. boxes: how many there were; agreed: how many of them
    look like their characters; left: characters that have no box. pages: by page, {"page": id, "name",
    "boxes", "agreed", "fits"}; on a page that the text does not fit nothing was proposed. All of these are
    empty until it is ready.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="transcriptions")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="transcriptions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    name = models.CharField(max_length=255, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    boxes = models.PositiveIntegerField(null=True)
    agreed = models.PositiveIntegerField(null=True)
    left = models.PositiveIntegerField(null=True)
    pages = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"transcription {self.pk}"


class BoxImport(Failable):
    """Files of boxes that were made elsewhere, put by a worker onto the pages of a document, or onto one.

    page: the only one; None for the whole document. labels: whether the characters become the person's
    answers once the boxes are matched; else they are proposals. total: boxes in the files; taken: those of
    pages that were gone through. done: these pages, as the files name them, so that a second try goes on with
    the rest. pages: that got boxes. added: boxes that were not there. proposed: boxes that got a character.
    labelled: of which became answers; unlabelled: of which could not. problems: [{"where", "code",
    "problem"}], the first of ``problem_count``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        LABELLING = "labelling", _("waiting for suggestions")
        READY = "ready", _("imported")
        FAILED = "failed", _("failed")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="box_imports")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="box_imports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    labels = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    done = models.JSONField(default=list)
    pages = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    labelled = models.PositiveIntegerField(default=0)
    unlabelled = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"box import {self.pk}"


class BoxImportFile(models.Model):
    """A file of an import, in the store until it was taken in."""

    upload = models.ForeignKey(BoxImport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
