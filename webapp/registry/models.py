"""Trained models, the indexes built with them, and which pair is live."""

from django.conf import settings
from django.db import models


class ModelVersion(models.Model):
    """Trained weights with their preprocessing recipe.

    sha256: of the weights file. fingerprint: of recipe and weights together; vectors of different
    fingerprints are never compared. width: numbers in an embedding. record: how it was trained, as its file
    says: configuration, data, images, what was measured.
    """

    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    recipe = models.JSONField()
    record = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class IndexVersion(models.Model):
    """A search index over the items' vectors of one model.

    newest: the highest vector id it was built over; vectors above it are searched exactly.
    recall: recall@5 against exact search, measured when it was built, in [0, 1].
    """

    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE)
    sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    newest = models.BigIntegerField()
    recall = models.FloatField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"index {self.pk} of {self.count} vectors"


class Release(models.Model):
    """One model and one index, live together. Exactly one release is live.

    An empty index field means that the gallery is still small enough to be searched exactly.
    """

    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT)
    index = models.ForeignKey(IndexVersion, null=True, on_delete=models.PROTECT)
    live = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["live"], condition=models.Q(live=True), name="one_live_release")
        ]

    def __str__(self) -> str:
        return f"release {self.pk}"
