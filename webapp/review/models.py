"""What annotators said of queries."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.registry.models import Release


class Decision(models.Model):
    """What one annotator said of one query. Append-only: a later one supersedes an earlier one.

    item: the match, for the verdict "match" alone. release: what had made the suggestions shown.
    client_key: made where the answer was given, so that an answer sent twice counts once.
    "withdrawn" takes the answer before it back, and leaves the query unanswered.
    """

    class Verdict(models.TextChoices):
        MATCH = "match", _("match")
        NONE = "none", _("none of these")
        UNSURE = "unsure", _("unsure")
        SKIP = "skip", _("skipped")
        WITHDRAWN = "withdrawn", _("withdrawn")

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
