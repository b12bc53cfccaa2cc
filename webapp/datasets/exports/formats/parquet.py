"""Apache Parquet: the table of labels, typed and compressed."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, picture_members
from webapp.datasets.exports.sources.source import Source
from webapp.datasets.exports.sources.spool import scratch_folder
from webapp.datasets.exports.table import COLUMNS, FLOATS, INTEGERS, LISTS, table_rows

_ROWS_A_GROUP = 5000


def write(source: Source) -> Iterator[Member]:
    """``labels.parquet``, in groups of 5,000 rows, and the pictures where they are wanted."""
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        path = Path(folder) / "labels.parquet"
        with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as file:
            rows = table_rows(source)
            while some := list(islice(rows, _ROWS_A_GROUP)):
                file.write_table(pa.Table.from_pylist(some, schema=_SCHEMA))
        yield Member("labels.parquet", path)
        yield from picture_members(source)


def _type_of(column: str) -> pa.DataType:
    if column in LISTS:
        return pa.list_(pa.int64() if column == "also_item_ids" else pa.string())
    return pa.int64() if column in INTEGERS else pa.float64() if column in FLOATS else pa.string()


_SCHEMA = pa.schema([(column, _type_of(column)) for column in COLUMNS])

FORMAT = Format(name="parquet", label="Parquet", write=write, ending="parquet", place=4)
