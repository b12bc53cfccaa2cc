"""What may be read of exports, and where their files lie."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from webapp.batches.selectors import batches_for
from webapp.datasets.models import Export

_ENDINGS = {Export.Format.CSV: "csv", Export.Format.JSONL: "jsonl", Export.Format.COURSE: "csv"}


def exports_for(user) -> QuerySet[Export]:
    """Exports of the batches that ``user`` sees, the newest first."""
    found = Export.objects.filter(batch__in=batches_for(user))
    return found.select_related("batch", "owner").order_by("-created", "pk")


def export_ending(export: Export) -> str:
    """ "csv", "jsonl" or "zip"."""
    return "zip" if export.with_images else _ENDINGS[export.format]


def export_path(export: Export) -> Path:
    """Where the file of this export lies once it is ready."""
    return settings.ENV.data / "exports" / f"{export.pk}.{export_ending(export)}"


def export_file_name(export: Export) -> str:
    """The name a person gets the file under: the batch's name, and the format where it must be told."""
    name = "".join("_" if char in '<>:"/\\|?*' or char < " " else char for char in export.batch.name)
    kind = "-course" if export.format == Export.Format.COURSE else ""
    return f"{name.strip(' .') or 'batch'}{kind}.{export_ending(export)}"
