"""All that is ever asked of the registry."""

from pathlib import Path

from django.conf import settings

from webapp.registry.models import IndexVersion, ModelVersion, Release


def live_release() -> Release | None:
    """The one live release, with its model and index; None before the first set-up."""
    return Release.objects.select_related("model", "index").filter(live=True).first()


def model_path(model: ModelVersion) -> Path:
    """Where the weights lie."""
    return settings.ENV.data / "models" / f"{model.sha256}.safetensors"


def index_path(index: IndexVersion) -> Path:
    """The folder that the index lies in, while nobody has deleted it."""
    return settings.ENV.data / "indexes" / str(index.pk)
