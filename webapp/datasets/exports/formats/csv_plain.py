"""CSV for programs: every text exactly as it is."""

from functools import partial

from webapp.datasets.exports.format import BATCH, SNAPSHOT, Format
from webapp.datasets.exports.table import csv_table

FORMAT = Format(
    name="csv",
    label="CSV",
    write=partial(csv_table, for_spreadsheets=False),
    ending="csv",
    sources=(BATCH, SNAPSHOT),
    place=2,
)
