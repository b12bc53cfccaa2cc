"""Which whole blocks printed a page, as far as the search tells, and what people said of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.blocks.models import Scan
from webapp.core.models import Failable
from webapp.overview.models import BulkAnswer
from webapp.pages.models import Page

BELIEVED = models.Q(state="confirmed") | models.Q(state="proposed", believed=True)
"""Matches that a page's characters may be ordered by."""


class PageSearch(Failable):
    """How far the search for a page's blocks is.

    faces: how many there were to search. newest: the highest id of their scans. boxes: characters that were
    searched with. searched: when it was done last.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="block_search")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    faces = models.PositiveIntegerField(default=0)
    newest = models.BigIntegerField(default=0)
    boxes = models.PositiveIntegerField(default=0)
    searched = models.DateTimeField(null=True)


class PageMatch(models.Model):
    """A face that a page was laid over.

    part: of the page, from 1: what one block does not explain is searched again. rank: in its part, from 1.
    inliers: characters that look alike and lie over each other. residual_mm: their median distance. p: how
    likely so many would meet by chance. overlap: correlation of inks, in [-1, 1]. uneven_mm: how far a
    character stands otherwise than its neighbours, in the median. believed: whether all that is enough to say
    that the block printed the page. laid: where the page comes to lie, as the worker keeps it. pairs: [[box,
    item, whether it is an inlier]], all that lie over each other. bulk: the answers that confirming it gave.
    decided_by, decided_at: who confirmed or rejected it, and when.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="block_matches")
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="page_matches")
    part = models.PositiveSmallIntegerField(default=1)
    rank = models.PositiveSmallIntegerField(default=1)
    inliers = models.PositiveIntegerField()
    residual_mm = models.FloatField()
    p = models.FloatField()
    overlap = models.FloatField()
    uneven_mm = models.FloatField(null=True)
    believed = models.BooleanField()
    laid = models.JSONField(default=dict)
    pairs = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    bulk = models.ForeignKey(BulkAnswer, null=True, on_delete=models.SET_NULL, related_name="page_matches")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "scan"], name="one_match_a_page_and_scan")]
        indexes = [models.Index(fields=["page", "part", "rank"]), models.Index(fields=["scan", "state"])]
