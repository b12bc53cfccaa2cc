"""The formats in which a snapshot leaves: which there are, and what writes each."""

from collections.abc import Callable, Iterator

from webapp.datasets.formats.coco import coco
from webapp.datasets.formats.course import course
from webapp.datasets.formats.folders import folders
from webapp.datasets.formats.huggingface import huggingface
from webapp.datasets.formats.label_studio import label_studio
from webapp.datasets.formats.metric_learning import oml, pairs, triplets
from webapp.datasets.formats.parquet import parquet
from webapp.datasets.formats.shards import webdataset
from webapp.datasets.formats.source import Member, Source
from webapp.datasets.formats.tables import csv_table, excel_table, json_lines

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
