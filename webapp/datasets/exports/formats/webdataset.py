"""WebDataset: tar files that are streamed while training."""

import io
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.facts import json_line
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member
from webapp.datasets.exports.sources.source import Row, Source
from webapp.datasets.exports.sources.spool import scratch_folder
from webapp.datasets.snapshots.splits import SIDES

SAMPLES_A_SHARD = 1000


def write(source: Source) -> Iterator[Member]:
    """``train-000000.tar`` and so on, 1,000 samples each: a picture and ``json`` under one key."""
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        path = Path(folder) / "shard.tar"
        for side in SIDES:
            count, shard = 0, 0
            tar: tarfile.TarFile | None = None
            for row in (row for row in source.rows() if row.side == side and row.image):
                tar = tar or tarfile.open(path, "w")  # noqa: SIM115, closed when the shard is full
                _add(tar, row)
                count += 1
                if count == SAMPLES_A_SHARD:
                    tar.close()
                    yield Member(f"{side}-{shard:06}.tar", path)
                    tar, count, shard = None, 0, shard + 1
            if tar is not None:
                tar.close()
                yield Member(f"{side}-{shard:06}.tar", path)


def _add(tar: tarfile.TarFile, row: Row) -> None:
    key = f"{row.number:08}"
    sample = {
        "query": row.label.query,
        "verdict": row.label.verdict,
        "reason": row.label.reason or None,
        "name": row.origin["name"],
        "matches": [
            {
                "item": block.sha256,
                "item_name": block.name,
                "character": block.character or None,
                "codepoint": block.codepoint or None,
                "relation": block.relation or None,
            }
            for block in row.matches
        ],
    }
    path = blob_path(row.label.query)
    with path.open("rb") as file:
        _put(tar, f"{key}.{row.image.rpartition('.')[2]}", file, path.stat().st_size)
    line = json_line(sample)
    _put(tar, f"{key}.json", io.BytesIO(line), len(line))


def _put(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size = size
    tar.addfile(info, file)


FORMAT = Format(name="webdataset", label="WebDataset", write=write)
