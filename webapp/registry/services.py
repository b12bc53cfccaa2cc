"""All that is ever done to models, indexes and releases."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from common.publish import path_aside, publish_file
from webapp.accounts.models import User
from webapp.core.errors import Refused
from webapp.core.files.old_files import UNUSED_SECONDS, data_entries, remove_if_old
from webapp.registry.models import IndexVersion, ModelVersion, Release
from webapp.registry.selectors import model_path, releases_kept


@dataclass(frozen=True)
class ModelFacts:
    """What a weights file says of itself.

    fingerprint: of recipe and weights together. width: numbers in an embedding. record: how it was trained.
    sha256: what the file must have; empty where nobody said.
    """

    name: str
    fingerprint: str
    width: int
    recipe: dict
    record: dict = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True)
class IndexFacts:
    """What was measured when an index was built; as in ``IndexVersion``."""

    sha256: str
    count: int
    newest: int
    recall: float


def model_register(*, path: Path, facts: ModelFacts) -> ModelVersion:
    """Store a weights file, and write its row. The same file is registered once.

    Raises:
        Refused: the file is not the one that ``facts.sha256`` names, or does not fit a row already there.
    """
    sha256 = _store(path, facts.sha256)
    model, made = ModelVersion.objects.get_or_create(
        sha256=sha256,
        defaults={
            "name": facts.name[:100],
            "fingerprint": facts.fingerprint,
            "width": facts.width,
            "recipe": facts.recipe,
            "record": facts.record,
        },
    )
    if not made and (model.fingerprint, model.width) != (facts.fingerprint, facts.width):
        # The same weights, read by another recipe: their vectors must not be compared with older ones.
        raise Refused(
            f"{path.name} is registered with another recipe",
            hint="save the weights again with their recipe, and register that file",
            code="other_recipe",
        )
    return model


def model_mend(*, model: ModelVersion, copies: Iterable[Path]) -> bool:
    """Put a model's weights in their place again, from a copy that is whole, where they are gone or damaged.

    Returns whether they are whole now.
    """
    for path in (model_path(model), *copies):
        if path.is_file() and _digest(path) == model.sha256:
            _store(path, model.sha256)  # writes nothing where they lie there already
            return True
    return False


def indexes_clear() -> None:
    """Remove indexes that nobody will go back to; a worker may still be reading one of a moment ago."""
    kept = {str(release.index_id) for release in releases_kept() if release.index_id}
    for path in data_entries("indexes"):
        if path.name not in kept:
            remove_if_old(path, seconds=UNUSED_SECONDS)


@transaction.atomic
def index_register(*, model: ModelVersion, facts: IndexFacts) -> IndexVersion:
    """Write the row of an index that was built and verified; it is not live yet."""
    return IndexVersion.objects.create(
        model=model, sha256=facts.sha256, count=facts.count, newest=facts.newest, recall=facts.recall
    )


@transaction.atomic
def release_make_live(
    *, model: ModelVersion, index: IndexVersion | None, created_by: User | None = None
) -> Release:
    """Let one model and one index answer from now on. One transaction flips; nobody sees neither or both.

    Raises:
        Refused: the index was built with another model.
    """
    if index is not None and index.model_id != model.pk:
        raise Refused(f"{index} was not built with {model}", code="other_model")
    live = Release.objects.select_for_update().filter(live=True).first()
    if live and (live.model_id, live.index_id) == (model.pk, index and index.pk):
        return live
    Release.objects.filter(live=True).update(live=False)
    return Release.objects.create(model=model, index=index, live=True, created_by=created_by)


def _store(path: Path, wanted: str) -> str:
    """Copy the file under ``models``, verify what was written, and give its sha256."""
    sha256 = _digest(path)
    if wanted and sha256 != wanted:
        raise Refused(
            f"{path.name} is damaged: its sha256 is {sha256[:16]}…, not {wanted[:16]}…",
            hint="copy it again",
            code="damaged_model",
        )
    target = model_path(ModelVersion(sha256=sha256))
    if target.exists() and _digest(target) == sha256:
        return sha256
    with path_aside(target) as aside:
        shutil.copyfile(path, aside)
        if _digest(aside) != sha256:
            raise Refused(f"{path.name} changed while it was copied", hint="try again", code="damaged_model")
        publish_file(aside, target)
    return sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
