"""The weights of a model, loaded from wherever a whole copy of them is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.embed import Embedder
from retrieval.embed.self_test import self_test
from retrieval.errors import BadIndex, BadModel, BadVectors
from retrieval.models import shipped_weights
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_path
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path
from workers.errors import NoRelease

logger = logging.getLogger(__name__)

USELESS = "useless_model"
_ANOTHER = "go back to the release before it, or promote another model; the work then goes on by itself"
_RESTORE = "restore models/ from the backup, or run manage.py setup for the weights of this version"


def load_embedder(model: ModelVersion) -> Embedder:
    """Load a model's weights; where their copy is gone or damaged, from the file that they came in.

    Raises:
        NoRelease: they are gone, damaged, of another version, or useless, and there is no other copy.
    """
    refused = None
    for path in (model_path(model), *weights_copies(model)):
        try:
            embedder = Embedder.load(path, name=f"the file of {model}") if path.exists() else None
        except BadModel as error:
            logger.warning("weights that cannot be used, in %s: %s", path, error)
            refused = refused or error
            continue
        if embedder is not None and embedder.fingerprint == model.fingerprint:
            _check_use(embedder)
            return embedder
    if refused:
        raise NoRelease(str(refused), hint=_RESTORE, code="bad_model") from refused
    raise NoRelease(f"the weights of {model} are gone", hint=_RESTORE, code="model_missing")


def _check_use(embedder: Embedder) -> None:
    """NoRelease where no copy of the weights can help, for what is in them is worthless."""
    try:
        self_test(embedder)
    except BadModel as error:
        raise NoRelease(str(error), hint=_ANOTHER, code=error.code) from error


@contextmanager
def candidate_refused() -> Iterator[None]:
    """What goes wrong inside is a candidate's fault: it is refused, and nobody waits for it to get better.

    Raises:
        Refused: its vectors or their index are of no use.
    """
    try:
        yield
    except (BadModel, BadVectors, BadIndex) as error:
        raise Refused(str(error), hint=error.hint, code=error.code) from error


def check_weights(model: ModelVersion) -> None:
    """Refuse a model that is not live, and cannot be loaded, rather than wait until it can.

    Raises:
        Refused: its weights are gone, damaged or useless.
    """
    try:
        load_embedder(model)
    except NoRelease as error:
        hint = "train it again" if error.code == USELESS else "bring its file in again"
        raise Refused(str(error), hint=hint, code=str(error.code)) from error


def weights_copies(model: ModelVersion) -> tuple[Path, ...]:
    """Where a model's weights may lie besides: as they were uploaded, or as they were shipped."""
    return blob_path(model.sha256), shipped_weights()
