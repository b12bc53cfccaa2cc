"""What the search suggests for a query."""

from django.db import models

from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.registry.models import Release


class Suggestion(models.Model):
    """One of the top five items for a query.

    rank: 1 to 5. distance: cosine distance in [0, 2]. confidence: calibrated probability in [0, 1] that
    the item is a match. mirrored: which reading of the item was found. release: what made it.
    """

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="suggestions")
    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    release = models.ForeignKey(Release, on_delete=models.PROTECT)
    rank = models.PositiveSmallIntegerField()
    distance = models.FloatField()
    confidence = models.FloatField()
    mirrored = models.BooleanField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["query", "rank"], name="one_suggestion_a_rank"),
            models.UniqueConstraint(fields=["query", "item"], name="one_suggestion_an_item"),
        ]
