"""What may be read of exports, and where their files lie."""

from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from webapp.batches.selectors import batches_for
from webapp.datasets.exports.formats import ALL_FORMATS
from webapp.datasets.models import Export, Snapshot
from webapp.datasets.snapshots.selectors import snapshots_for


def exports_for(user) -> QuerySet[Export]:
    """Exports of the batches and the snapshots that ``user`` sees, the newest first."""
    seen = Q(batch__in=batches_for(user)) | Q(snapshot__in=snapshots_for(user))
    found = Export.objects.filter(seen)
    return found.select_related("batch", "snapshot", "owner").order_by("-created", "pk")


def is_packed(export: Export) -> bool:
    """Whether the file is a zip of several: with the pictures, which some formats cannot do without."""
    return export.with_images or not ALL_FORMATS[export.format].ending


def export_ending(export: Export) -> str:
    """ "csv", "jsonl", "zip" and so on."""
    return "zip" if is_packed(export) else ALL_FORMATS[export.format].ending


def export_path(export: Export) -> Path:
    """Where the file of this export lies once it is ready."""
    return settings.ENV.data / "exports" / f"{export.pk}.{export_ending(export)}"


def export_file_name(export: Export) -> str:
    """The name a person gets the file under: the batch's name, and the format where its ending is another."""
    format = ALL_FORMATS[export.format]
    kind = "" if format.name == format.ending else f"-{format.name}"
    source = export.source
    if isinstance(source, Snapshot):
        return f"snapshot-{source.number}{kind}.{export_ending(export)}"
    name = "".join("_" if char in '<>:"/\\|?*' or char < " " else char for char in source.name)
    return f"{name.strip(' .') or 'batch'}{kind}.{export_ending(export)}"
