"""What annotators said of queries."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.registry.models import Release
from webapp.search.fits import Fit
from webapp.search.models import Suggestion


class Decision(models.Model):
    """What one annotator said of one query. Append-only: a later one supersedes an earlier one.

    item: the match, for the verdict "match" alone. release: what had made the suggestions shown.
    client_key: made where the answer was given, so that an answer sent twice counts once.
    "withdrawn" takes the answer before it back, and leaves the query unanswered.
    shown: ids of the suggested items in the order in which they were shown; None where that is unknown.
    blind: whether that order was shuffled, and nothing said how sure the search was. dealt: when the card
    was given to the annotator. gold: said of a gold card, to measure the annotator; no vote.
    settles: a reviewer's own word, which counts through its ruling; no vote either.
    proposed: the relation that the card proposed for the item, so that the answer may be led by it; empty
    where it proposed none. fit: where the item lies on the picture, as ``search.fits.Fit``; None where nobody
    laid it there.
    """

    class Verdict(models.TextChoices):
        MATCH = "match", _("match")
        NONE = "none", _("none of these")
        UNSURE = "unsure", _("unsure")
        SKIP = "skip", _("skipped")
        WITHDRAWN = "withdrawn", _("undone")

    class Relation(models.TextChoices):
        SAME_CARVING = "same_carving", _("same carving")
        SAME_CHARACTER = "same_character", _("same character on another block")
        VARIANT = "variant", _("variant form")

    class Reason(models.TextChoices):
        NOT_IN_GALLERY = "not_in_gallery", _("not in the gallery")
        DAMAGED = "damaged", _("damaged")
        BAD_CROP = "bad_crop", _("bad crop")
        NOT_IN_UNICODE = "not_in_unicode", _("not in Unicode")

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="decisions")
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT)
    relation = models.CharField(max_length=20, choices=Relation.choices, blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    comment = models.TextField(blank=True)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT)
    client_key = models.UUIDField(null=True)
    shown = models.JSONField(null=True)
    blind = models.BooleanField(default=False)
    gold = models.BooleanField(default=False)
    settles = models.BooleanField(default=False)
    dealt = models.DateTimeField(null=True)
    proposed = models.CharField(max_length=20, choices=Suggestion.Proposed.choices, blank=True)
    fit = models.JSONField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "client_key"], name="one_decision_a_client_key"),
            models.CheckConstraint(
                condition=models.Q(verdict="match", item__isnull=False)
                | (~models.Q(verdict="match") & models.Q(item__isnull=True)),
                name="a_match_names_its_item",
            ),
        ]
        indexes = [models.Index(fields=["query", "annotator", "-id"])]

    @property
    def laid(self) -> Fit | None:
        """Where the item lies on the picture, as its height map is kept now."""
        return Fit.of(self.fit, turn=self.item.turn) if self.fit and self.item else None


class FurtherMatch(models.Model):
    """One more item that the query matches, beside its decision's own. Written with it, never changed.

    place: 1, 2, ... in the order in which they were chosen. fit: as of ``Decision``.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="also")
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    relation = models.CharField(max_length=20, choices=Decision.Relation.choices, blank=True)
    place = models.PositiveSmallIntegerField()
    fit = models.JSONField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["decision", "item"], name="one_match_an_item")]

    @property
    def laid(self) -> Fit | None:
        """Where the item lies on the picture, as its height map is kept now."""
        return self.fit and Fit.of(self.fit, turn=self.item.turn)


class Remark(models.Model):
    """A comment on a query, or a flag that asks a reviewer to look at it. Written once.

    decision: the answer that it came with, if any. resolved: when a flag was dealt with, and by whom.
    """

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="remarks")
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, null=True, on_delete=models.CASCADE, related_name="remark")
    text = models.TextField(blank=True)
    flag = models.BooleanField(default=False)
    resolved = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["query"], condition=models.Q(flag=True, resolved__isnull=True), name="open_flags"
            )
        ]


class Lease(models.Model):
    """A card in somebody's hands: until it runs out, nobody else is given it.

    given: when the holder got it. seq: how often it has changed hands.
    """

    query = models.OneToOneField(Query, on_delete=models.CASCADE, primary_key=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    until = models.DateTimeField()
    given = models.DateTimeField()
    seq = models.PositiveIntegerField(default=1)


class Ruling(models.Model):
    """What a reviewer decided of a query. Append-only; the newest one stands.

    decision: the label, for "approve" and "settle". comment: shown to the annotators when it is sent back.
    """

    class Kind(models.TextChoices):
        APPROVE = "approve", _("approved")
        SEND_BACK = "send_back", _("sent back")
        SETTLE = "settle", _("settled")

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="rulings")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="+")
    comment = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="send_back", decision__isnull=True)
                | (~models.Q(kind="send_back") & models.Q(decision__isnull=False)),
                name="a_ruling_names_its_label",
            )
        ]


class Gold(models.Model):
    """A settled query whose label is known to be right: a card to measure annotators with."""

    query = models.OneToOneField(Query, on_delete=models.CASCADE, primary_key=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)
