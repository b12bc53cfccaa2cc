"""How a model gets into the product, is measured beside the live one, and is promoted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.core.models import Refusable
from webapp.datasets.models import Export, Snapshot
from webapp.registry.models import ModelVersion, Release


class ModelFile(Refusable):
    """An uploaded weights file. A worker reads it, and registers the model or refuses the file.

    sha256: of the stored file. model: what came of it.
    """

    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="files")
    created = models.DateTimeField(auto_now_add=True)


class Finished(models.TextChoices):
    """How a piece of a curator's work stands."""

    WAITING = "waiting", _("waiting")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Evaluation(models.Model):
    """A candidate beside the live model, both asked the same labelled queries about the same gallery.

    The queries are those of the snapshot's test side, by its split. results: as ``workers.tasks.evaluate``
    writes them; None until it is ready.
    """

    candidate = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    live = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="evaluations")
    split = models.CharField(max_length=10, choices=Export.Split.choices, default=Export.Split.BLOCK)
    state = models.CharField(max_length=10, choices=Finished.choices, default=Finished.WAITING)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    results = models.JSONField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)


class Promotion(models.Model):
    """A model on its way to answer. Append-only: a rollback is one more.

    evaluation: what speaks for it. reason: why it is promoted though a gate is closed, or rolled back to.
    release: what it became.
    """

    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    evaluation = models.ForeignKey(Evaluation, null=True, on_delete=models.SET_NULL)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=Finished.choices, default=Finished.WAITING)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    release = models.ForeignKey(Release, null=True, on_delete=models.SET_NULL, related_name="promotions")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="waiting"), name="one_promotion_at_a_time"
            )
        ]
