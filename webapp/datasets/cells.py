"""Texts and times as tables hold them: exact, and safe to open in a spreadsheet."""

import re
import unicodedata
from datetime import UTC, datetime

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_NUMBER_OR_DATE = re.compile(r"[\d\s+\-−.,:/%()'’$€£¥₫]+")
_SHORT_ERA = re.compile(r"[mtshr]\d{1,2}[-./]\d{1,2}([-./]\d{1,2})?")  # where Excel speaks Japanese
_WORD = re.compile(r"[^\W\d_]+")
_MONTHS = {
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
    *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
    *("november", "december", "thg", "tháng"),
}
_IN_NUMBERS = {"e", "a", "p", "am", "pm", "sa", "ch"}
# Where Excel speaks Chinese or Japanese, "11月25日", "平成30年" and "下午1:30" are dates and times.
_BETWEEN_NUMBERS = str.maketrans(
    dict.fromkeys("年月日号時时点分秒令和平成昭和大正明治民國国上下午前後后", " ")
)
_VALUES = {"true", "false", "#n/a", "#ref!", "#name?", "#value!", "#div/0!", "#num!", "#null!"}


def iso_time(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond: "2026-11-25T09:15:00.000Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spreadsheet_text(text: str) -> str:
    """``text`` as a cell that no spreadsheet runs or changes; ``plain_text`` is its inverse.

    An apostrophe is put before what begins like a formula, and before what Excel, LibreOffice or Google
    Sheets would take for a number, a date, a time or a truth, and show otherwise: "0012", "1e5", "1-2",
    "MAR1". So it is before what is such a text behind apostrophes. Whole numbers of up to fifteen digits stay
    as they are.
    """
    return f"'{text}" if _is_unsafe(text.lstrip("'")) else text


def plain_text(cell: str) -> str:
    """The text that ``spreadsheet_text`` made ``cell`` of."""
    return cell[1:] if cell.startswith("'") and _is_unsafe(cell.lstrip("'")) else cell


def _is_unsafe(text: str) -> bool:
    if _WHOLE_NUMBER.fullmatch(text):
        return False
    return bool(_FORMULA.match(text)) or _is_value(unicodedata.normalize("NFKC", text).strip().casefold())


def _is_value(text: str) -> bool:
    """Whether a spreadsheet may read it as a number, a date, a time, a truth or an error."""
    if text in _VALUES or _SHORT_ERA.fullmatch(text):
        return True
    text = text.translate(_BETWEEN_NUMBERS)
    words = _WORD.findall(text)
    if any(word not in _MONTHS | _IN_NUMBERS for word in words):
        return False
    if words and text.startswith(words[0]) and words[0] not in _MONTHS:
        return False  # "A4" and "p13" are no values
    rest = _WORD.sub("", text)
    return any(char.isdecimal() for char in rest) and bool(_NUMBER_OR_DATE.fullmatch(rest))
