"""CSV for spreadsheets: nothing is run as a formula, and nothing is changed into a number or a date."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from webapp.datasets.exports.format import BATCH, SNAPSHOT, Format
from webapp.datasets.exports.table import csv_table

FORMAT = Format(
    name="excel",
    label=_("CSV for Excel"),
    write=partial(csv_table, for_spreadsheets=True),
    ending="csv",
    sources=(BATCH, SNAPSHOT),
    place=1,
)
