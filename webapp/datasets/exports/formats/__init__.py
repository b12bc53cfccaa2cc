"""The formats in which a snapshot leaves: which there are, and what writes each."""

from collections.abc import Callable, Iterator

from webapp.datasets.exports.formats.coco import coco
from webapp.datasets.exports.formats.course import course
from webapp.datasets.exports.formats.folders import folders
from webapp.datasets.exports.formats.huggingface import huggingface
from webapp.datasets.exports.formats.label_studio import label_studio
from webapp.datasets.exports.formats.metric_learning import oml, pairs, triplets
from webapp.datasets.exports.formats.parquet import parquet
from webapp.datasets.exports.formats.shards import webdataset
from webapp.datasets.exports.formats.source import Member, Source
from webapp.datasets.exports.formats.tables import csv_table, excel_table, json_lines

WRITERS: dict[str, Callable[[Source], Iterator[Member]]] = {
    "csv": csv_table,
    "excel": excel_table,
    "jsonl": json_lines,
    "parquet": parquet,
    "course": course,
    "oml": oml,
    "triplets": triplets,
    "pairs": pairs,
    "huggingface": huggingface,
    "webdataset": webdataset,
    "folders": folders,
    "coco": coco,
    "label_studio": label_studio,
}
