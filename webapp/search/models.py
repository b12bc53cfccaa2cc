"""What the search suggests for a query."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.registry.models import ModelVersion, Release
from webapp.search.fits import Fit


class Suggestion(models.Model):
    """One of the top five items for a query.

    rank: 1 to 5. distance: cosine distance in [0, 2]. confidence: calibrated probability in [0, 1] that
    the item is a match. mirrored: which reading of the item was found. release: what made it. exemplar: the
    answered query whose picture drew the item nearer, where one did; the distance is the nearer one.
    fit: where the item comes to lie on the picture, as ``fits.Fit``; None where nothing was laid over it.
    proposed: how the item seems to be related to the print, empty where nobody looked; and how probable that
    is, in [0, 1]. placed: whether its place moved it up to the first rank: there the whole block has it that
    is believed to have printed the page.
    """

    class Proposed(models.TextChoices):
        SAME_CARVING = "same_carving", _("same carving")
        SAME_CHARACTER = "same_character", _("same character on another block")
        CANNOT_TELL = "cannot_tell", _("cannot tell")

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="suggestions")
    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    release = models.ForeignKey(Release, on_delete=models.PROTECT)
    rank = models.PositiveSmallIntegerField()
    distance = models.FloatField()
    confidence = models.FloatField()
    mirrored = models.BooleanField()
    exemplar = models.ForeignKey(
        Query, null=True, on_delete=models.SET_NULL, related_name="drawn_up", db_index=False
    )
    fit = models.JSONField(null=True)
    proposed = models.CharField(max_length=20, choices=Proposed.choices, blank=True)
    proposed_probability = models.FloatField(null=True)
    placed = models.BooleanField(default=False)

    class Meta:
        ordering = ["rank"]
        indexes = [
            models.Index(
                fields=["exemplar"], condition=models.Q(exemplar__isnull=False), name="drawn_up_by_exemplars"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["query", "rank"], name="one_suggestion_a_rank"),
            models.UniqueConstraint(fields=["query", "item"], name="one_suggestion_an_item"),
        ]

    @property
    def laid(self) -> Fit | None:
        """Where the item lies on the picture, as its height map is kept now."""
        return self.fit and Fit.of(self.fit, turn=self.item.turn)


class SecondStage(models.Model):
    """What was laid over a query, among the items that look alike to the search.

    outcome: "done", or why the order of the search stands, such as "no_ink"; see ``retrieval.register``.
    carvings: further items beyond the five, the best fit first, each as ``hits.Hit.short``.
    """

    DONE = "done"

    query = models.OneToOneField(
        Query, on_delete=models.CASCADE, primary_key=True, related_name="second_stage"
    )
    outcome = models.CharField(max_length=20)
    carvings = models.JSONField(default=list)


class Exemplar(models.Model):
    """A query that was matched: its picture serves as one more picture of the item.

    The vector is the query's own; it is of use where it is by the live model. A label that is no more leaves
    its row with a trust of 0, so that workers hear of it.

    trust: in [0, 1], how far the label is to be believed. shared: how much of that other items of the same
    character get, in [0, 1]. number: rises with every change that workers hear of; None until it is given.
    spread: whether open queries like it were searched again since it changed.
    """

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="exemplars")
    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    trust = models.FloatField()
    shared = models.FloatField()
    number = models.BigIntegerField(null=True, db_index=True)
    spread = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "item"], name="one_exemplar_a_query_and_item")
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(spread=False), name="exemplars_to_spread"),
            models.Index(fields=["id"], condition=models.Q(number=None), name="exemplars_without_number"),
        ]


class Nearest(models.Model):
    """The gallery by likeness to one query or one item, as a worker found it; kept while it is of use.

    model: whose vectors were compared; null until it is made. newest: the highest id among those.
    items: uint32 ids, the most alike first. distances: float32, rising. Both little-endian.
    asked: when a worker was last asked for it. since: since when it has been asked for in vain.
    """

    query = models.OneToOneField(Query, null=True, on_delete=models.CASCADE)
    item = models.OneToOneField(Item, null=True, on_delete=models.CASCADE)
    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.CASCADE)
    newest = models.BigIntegerField(default=0)
    items = models.BinaryField(default=bytes)
    distances = models.BinaryField(default=bytes)
    asked = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    made = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(query=None) ^ models.Q(item=None), name="nearest_to_one_picture"
            )
        ]
