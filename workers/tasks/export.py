"""Exports: a batch's labels written into one file."""

from webapp.datasets.models import Export
from webapp.datasets.writers import export_write_file
from workers.runner import Progress


def export_write(payload: dict, progress: Progress) -> None:
    """Write the file of ``payload["export"]``, unless it is there already."""
    export = Export.objects.filter(pk=payload["export"]).exclude(state=Export.State.READY).first()
    if export is not None:
        export_write_file(export=export, progress=progress.report)
