"""The weights of a model, loaded from wherever a whole copy of them is."""

import logging
from pathlib import Path

from retrieval.embed import Embedder
from retrieval.errors import BadModel
from retrieval.models import shipped_weights
from webapp.core.blobs import blob_path
from webapp.core.errors import Refused
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path
from workers.errors import NoRelease

logger = logging.getLogger(__name__)

_RESTORE = "restore models/ from the backup, or run manage.py setup for the weights of this version"


def load_embedder(model: ModelVersion) -> Embedder:
    """Load a model's weights; where their copy is gone or damaged, from the file that they came in.

    Raises:
        NoRelease: they are gone, damaged, or of another version, and there is no other copy.
    """
    refused = None
    for path in (model_path(model), *weights_copies(model)):
        try:
            embedder = Embedder.load(path) if path.exists() else None
        except BadModel as error:
            logger.warning("weights that cannot be used: %s", error)
            refused = refused or error
            continue
        if embedder is not None and embedder.fingerprint == model.fingerprint:
            return embedder
    if refused:
        raise NoRelease(str(refused), hint=_RESTORE, code="bad_model") from refused
    raise NoRelease(f"the weights of {model} are gone", hint=_RESTORE, code="model_missing")


def check_weights(model: ModelVersion) -> None:
    """Refuse a model that is not live, and cannot be loaded, rather than wait until it can.

    Raises:
        Refused: its weights are gone, or damaged.
    """
    try:
        load_embedder(model)
    except NoRelease as error:
        hint = "bring its file in again"
        raise Refused(str(error), hint=hint, code=str(error.code)) from error


def weights_copies(model: ModelVersion) -> tuple[Path, ...]:
    """Where a model's weights may lie besides: as they were uploaded, or as they were shipped."""
    return blob_path(model.sha256), shipped_weights()
