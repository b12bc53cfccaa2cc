"""What may be read of models on their way in."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.registry.models import ModelVersion, Release
from webapp.training.models import Evaluation, Finished, ModelFile, Promotion


def models_in_use(*, since: timedelta) -> set[int]:
    """Ids of models that are being measured or promoted, or were measured less than so long ago."""
    young = Q(created__gt=timezone.now() - since) | Q(state=Finished.WAITING)
    measured = Evaluation.objects.filter(young).values_list("candidate", "live")
    promoted = Promotion.objects.filter(young).values_list("model", flat=True)
    return {pk for pair in measured for pk in pair} | set(promoted)


def models_all() -> QuerySet[ModelVersion]:
    """Every model, the newest first."""
    return ModelVersion.objects.order_by("-pk")


def releases_all() -> QuerySet[Release]:
    """Every release, the newest first, with what it is made of and who made it live."""
    return Release.objects.select_related("model", "index", "created_by").order_by("-pk")


def files_unread() -> QuerySet[ModelFile]:
    """Uploaded weights that became no model: those that wait, and those that were refused, newest first."""
    return ModelFile.objects.filter(model=None).order_by("-pk")


def evaluations_all() -> QuerySet[Evaluation]:
    """Every evaluation, the newest first."""
    return Evaluation.objects.select_related("candidate", "live", "snapshot", "created_by").order_by("-pk")


def promotions_all() -> QuerySet[Promotion]:
    """Every promotion, and every way back, the newest first."""
    return Promotion.objects.select_related("created_by").order_by("-pk")
