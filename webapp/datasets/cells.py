"""Texts and times as tables hold them: exact, and safe to open in a spreadsheet."""

import re
from datetime import UTC, datetime

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def iso_time(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond: "2026-11-25T09:15:00.000Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spreadsheet_text(text: str) -> str:
    """``text`` as a cell that no spreadsheet runs as a formula; ``plain_text`` is its inverse.

    An apostrophe is put before what begins like one, and before what begins like one behind apostrophes.
    Numbers are left alone, negative ones too.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain_text(cell: str) -> str:
    """The text that ``spreadsheet_text`` made ``cell`` of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
