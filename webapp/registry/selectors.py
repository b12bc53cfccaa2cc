"""All that is ever asked of the registry."""

from pathlib import Path

from django.conf import settings

from webapp.registry.models import IndexVersion, ModelVersion, Release

MODELS_KEPT = 3


def live_release() -> Release | None:
    """The one live release, with its model and index; None before the first set-up."""
    return Release.objects.select_related("model", "index").filter(live=True).first()


def releases_kept() -> list[Release]:
    """The releases that can be gone back to at once: the newest of each of the three models last live.

    The live one is among them, however old it is.
    """
    kept: dict[int, Release] = {}
    newest = Release.objects.select_related("model", "index").order_by("-live", "-pk")
    for release in newest.iterator():
        kept.setdefault(release.model_id, release)
        if len(kept) == MODELS_KEPT:
            break
    return list(kept.values())


def model_path(model: ModelVersion) -> Path:
    """Where the weights lie."""
    return settings.ENV.data / "models" / f"{model.sha256}.safetensors"


def index_path(index: IndexVersion) -> Path:
    """The folder that the index lies in, while nobody has deleted it."""
    return settings.ENV.data / "indexes" / str(index.pk)
