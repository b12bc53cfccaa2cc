"""Texts that people laid along the boxes of a document."""

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
