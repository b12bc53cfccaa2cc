"""The files of an installation that cannot be made again, by the rows that name them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings

from webapp.core.files.blobs import blob_path
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import CARD, MANIFEST, ORIGINS, snapshot_folder
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path

# Their ``sha256`` is of a file that is not among the uploaded ones: weights lie apart, the others can be made
# again.
_ELSEWHERE = {"registry.ModelVersion", "registry.IndexVersion", "datasets.Export"}
_SECRET = "secret_key"  # noqa: S105 - the file's name


@dataclass(frozen=True)
class KeptFile:
    """A file that a row names.

    path: in the installation's folder. sha256: of its content; empty where no row says. named_by: for people.
    """

    path: Path
    sha256: str
    named_by: str

    @property
    def place(self) -> Path:
        """Where it lies in this installation."""
        return settings.ENV.data / self.path


def kept_files() -> Iterator[KeptFile]:
    """Every file that the database names and that nothing can make again; each once."""
    yield from _uploaded()
    for model in ModelVersion.objects.order_by("pk"):
        yield _kept(model_path(model), model.sha256, f"model {model.pk}, {model}")
    for snapshot in Snapshot.objects.filter(state=Snapshot.State.READY).order_by("number"):
        digests = {MANIFEST: snapshot.digest, ORIGINS: snapshot.origins, CARD: ""}
        for name, digest in digests.items():
            yield _kept(snapshot_folder(snapshot.number) / name, digest, str(snapshot))


def secret_file() -> Path | None:
    """The installation's own secret; None where the environment gives it."""
    path = settings.ENV.data / _SECRET
    return path.relative_to(settings.ENV.data) if path.is_file() else None


def kept_rooms() -> tuple[str, ...]:
    """The folders that hold nothing but such files."""
    return "blobs", "models", "snapshots"


def _uploaded() -> Iterator[KeptFile]:
    seen: set[str] = set()
    for model in apps.get_models():
        fields = {field.name for field in model._meta.concrete_fields}
        if "sha256" not in fields or model._meta.label in _ELSEWHERE:
            continue
        rows = model._base_manager.exclude(sha256="").order_by("pk").values_list("pk", "sha256")
        for pk, digest in rows.iterator(chunk_size=10_000):
            if digest not in seen:
                seen.add(digest)
                yield _kept(blob_path(digest), digest, f"{model._meta.verbose_name} {pk}")


def _kept(path: Path, sha256: str, named_by: str) -> KeptFile:
    return KeptFile(path.relative_to(settings.ENV.data), sha256, named_by)
