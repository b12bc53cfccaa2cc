"""WebDataset: tar files that are streamed while training."""

import io
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from webapp.core.blobs import blob_path
from webapp.datasets.exports.formats.parquet import scratch
from webapp.datasets.exports.formats.source import Member, Row, Source, facts
from webapp.datasets.exports.formats.tables import json_line
from webapp.datasets.snapshots.splits import SIDES

SAMPLES_A_SHARD = 1000


def webdataset(source: Source) -> Iterator[Member]:
    """``train-000000.tar`` and so on, 1,000 samples each: a picture and ``json`` under one key."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        for side in SIDES:
            path, held, shard = Path(folder) / "shard.tar", 0, 0
            tar: tarfile.TarFile | None = None
            for row in _of_side(source, side):
                tar = tar or tarfile.open(path, "w")  # noqa: SIM115, closed when the shard is full
                _add(tar, row)
                held += 1
                if held == SAMPLES_A_SHARD:
                    tar.close()
                    yield Member(f"{side}-{shard:06}.tar", path)
                    tar, held, shard = None, 0, shard + 1
            if tar is not None:
                tar.close()
                yield Member(f"{side}-{shard:06}.tar", path)


def _of_side(source: Source, side: str) -> Iterator[Row]:
    for row in source.rows():
        if row.side != side:
            continue
        if row.image:
            yield row
        else:
            source.missing.append(f"the file of the picture {row.origin['name']} is gone")


def _add(tar: tarfile.TarFile, row: Row) -> None:
    key = f"{row.number:08}"
    told = {
        "query": row.label.query,
        "verdict": row.label.verdict,
        "reason": row.label.reason or None,
        "name": row.origin["name"],
        "matches": [
            {name: facts(row, match)[name] for name in ("item", "character", "codepoint", "relation")}
            for match in row.label.matches
        ],
    }
    with blob_path(row.label.query).open("rb") as file:
        _put(tar, f"{key}.{row.image.rpartition('.')[2]}", file, blob_path(row.label.query).stat().st_size)
    line = json_line(told)
    _put(tar, f"{key}.json", io.BytesIO(line), len(line))


def _put(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size = size
    tar.addfile(info, file)
