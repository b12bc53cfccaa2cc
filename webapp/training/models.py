"""How a model gets into the product, is measured beside the live one, and is promoted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.objectives import USUAL
from webapp.core.models import Failable, Refusable
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


class Evaluation(Failable):
    """A candidate beside the live model, both asked the same labelled queries about the same gallery.

    The queries are those of the snapshot's test side, by its split. results: as
    ``retrieval.evaluate.comparison`` gives them; None until it is ready.
    """

    candidate = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    live = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="evaluations")
    split = models.CharField(max_length=10, choices=Export.Split.choices, default=Export.Split.BLOCK)
    state = models.CharField(max_length=10, choices=Finished.choices, default=Finished.WAITING)
    results = models.JSONField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)


class Promotion(Failable):
    """A model on its way to answer. Append-only: a rollback is one more.

    evaluation: what speaks for it. reason: why it is promoted though a gate is closed, or rolled back to.
    release: what it became.
    """

    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    evaluation = models.ForeignKey(Evaluation, null=True, on_delete=models.SET_NULL)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=Finished.choices, default=Finished.WAITING)
    release = models.ForeignKey(Release, null=True, on_delete=models.SET_NULL, related_name="promotions")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="waiting"), name="one_promotion_at_a_time"
            )
        ]


class TrainingRun(Failable):
    """A model in the making: weights fine-tuned on a snapshot's training side.

    recipe: one of ``webapp.training.runs.recipes``. objective: one of ``common.objectives``.
    base: the weights it begins with. state: as it is; wanted:
    what a curator asked for since, which the worker follows. share: of it that is over, in [0, 1]; seconds:
    of training so far. points: of its curves, as the training process writes them. log: its last lines.
    model: what came of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Wanted(models.TextChoices):
        GO = "go", "go"
        PAUSE = "pause", "pause"
        STOP = "stop", "stop"

    OPEN = (State.WAITING, State.RUNNING)

    recipe = models.CharField(max_length=40)
    objective = models.CharField(max_length=40, default=USUAL)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    split = models.CharField(max_length=10, choices=Export.Split.choices, default=Export.Split.BLOCK)
    base = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="runs_from")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    wanted = models.CharField(max_length=10, choices=Wanted.choices, default=Wanted.GO)
    share = models.FloatField(default=0.0)
    seconds = models.FloatField(default=0.0)
    points = models.JSONField(default=list)
    log = models.TextField(blank=True)
    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="runs")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"training run {self.pk}"

    @property
    def is_leaving(self) -> bool:
        """Whether it was asked to pause or to stop, and has not yet."""
        return self.state == self.State.RUNNING and self.wanted != self.Wanted.GO

    @property
    def seconds_left(self) -> float | None:
        """How long it will go on training, by what it took so far; None where nobody can tell yet."""
        if self.state != self.State.RUNNING or not 0.02 < self.share < 1:
            return None
        return self.seconds * (1 - self.share) / self.share
