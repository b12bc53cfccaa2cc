"""Apache Parquet: the table of ``tables``, typed and compressed."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from webapp.datasets.exports.formats.source import Member, Source
from webapp.datasets.exports.formats.tables import COLUMNS, rows_of

_ROWS_A_GROUP = 5000
SCHEMA = pa.schema([(column, pa.int64() if column == "release" else pa.string()) for column in COLUMNS])


def parquet(source: Source) -> Iterator[Member]:
    """One file, in groups of 5,000 rows."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        path = Path(folder) / "labels.parquet"
        with pq.ParquetWriter(path, SCHEMA, compression="zstd") as file:
            rows = rows_of(source)
            while some := list(islice(rows, _ROWS_A_GROUP)):
                file.write_table(pa.Table.from_pylist(some, schema=SCHEMA))
        yield Member("labels.parquet", path)
        yield from source.images()


def scratch() -> Path:
    """A folder on the disk that exports lie on, for files that are made before they are packed."""
    folder = settings.ENV.data / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
