"""Exports as a worker writes them."""

import csv
import hashlib
import io
import zipfile

from tests.progress import FakeProgress
from webapp.datasets.exports.selectors import export_path
from webapp.datasets.models import Export
from workers.tasks.datasets.export_write import export_write


def written(export: Export) -> bytes:
    """The file of an export that was asked for."""
    export_write({"export": str(export.pk)}, FakeProgress())
    export.refresh_from_db()
    assert export.state == Export.State.READY, export.error
    content = export_path(export).read_bytes()
    assert (export.size, export.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    return content


def csv_rows(content: bytes) -> list[dict]:
    """The rows of a CSV file, with or without a byte order mark."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}
