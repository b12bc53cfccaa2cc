"""The numbers of a text, row by row, in one pass over its bytes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrieval.compiled import compiled
from retrieval.io.mesh_parts.text import not_a_number

# What programs write for what is no number, in lower case and without a sign.
_NOT_FINITE = (b"nan", b"inf", b"1.#")
_TAB, _NEWLINE, _RETURN, _BLANK, _HASH, _PLUS, _MINUS, _POINT, _SLASH = 9, 10, 13, 32, 35, 43, 45, 46, 47
_I, _N, _Q, _S = 73, 78, 81, 83
_DIGITS = 19  # as many as fit into 64 bits
_LARGEST_POWER = 308  # of ten, in a double


@dataclass(frozen=True)
class NumberRows:
    """A text's numbers; a row is a line that has any.

    values: (N,) float64. starts: (R + 1,) int64, where in ``values`` each row begins, and N.
    lines: (R,) int64, the number from 1 of each row's line.
    """

    values: np.ndarray
    starts: np.ndarray
    lines: np.ndarray

    def __len__(self) -> int:
        return len(self.lines)

    def line_of(self, value: int) -> int:
        """The number of the line that a value stands on; the last one's for what is behind all."""
        if not len(self):
            return 1
        row = int(np.searchsorted(self.starts, value, "right")) - 1
        return int(self.lines[max(0, min(row, len(self) - 1))])


def number_rows(
    text: bytes,
    *,
    name: str,
    first_line: int = 1,
    corners: bool = False,
    line_of: Callable[[int], int] = int,
) -> NumberRows:
    """The numbers of a text of nothing but numbers, and of comments behind "#".

    Values are right to 15 digits, as those of doubles are; NaN stands for whatever is no finite number.

    text: any line ends. name: what messages call the file. first_line: the number of the text's first line.
    corners: whether words are corners of OBJ, of which only what stands before the first slash counts.
    line_of: the file's line of a line of the text, where the text was taken from here and there.

    Raises:
        BadMesh: mesh_unreadable, with the line of a word that is no number.
    """
    data = np.frombuffer(text, np.uint8)
    numbers, rows = _count(data)
    values, odd = np.empty(numbers), np.empty((numbers, 2), np.int64)
    starts, lines = np.empty(rows + 1, np.int64), np.empty(rows, np.int64)
    starts[rows] = numbers
    odds = _scan(data, values, starts, lines, odd, first_line, corners)
    found = NumberRows(values, starts, lines)
    for value, offset in odd[:odds].tolist():
        word = text[offset : offset + 80].split(None, 1)[0]
        if not word.lower().lstrip(b"+-").startswith(_NOT_FINITE):
            raise not_a_number(name, line_of(found.line_of(value)), word)
    return found


@compiled
def _is_blank(letter):
    return letter <= _BLANK


@compiled
def _begins_comment(text, at):
    """A "#", but not that of "1.#IND", "1.#INF", "1.#QNAN" and "1.#SNAN"."""
    if text[at] != _HASH or at == 0 or text[at - 1] != _POINT or at + 2 >= len(text):
        return text[at] == _HASH
    return not (text[at + 2] == _N and text[at + 1] in (_I, _Q, _S))


@compiled
def _word_goes_on(text, at):
    return at < len(text) and not _is_blank(text[at]) and not _begins_comment(text, at)


@compiled
def _count(text):
    """How many words a text has, and how many lines with words."""
    words = rows = 0
    in_word = in_comment = row_has = False
    for at in range(len(text)):
        letter = text[at]
        if letter in (_NEWLINE, _RETURN):
            in_word = in_comment = row_has = False
        elif in_comment:
            continue
        elif _begins_comment(text, at):
            in_word, in_comment = False, True
        elif _is_blank(letter):
            in_word = False
        elif not in_word:
            in_word = True
            words += 1
            if not row_has:
                row_has = True
                rows += 1
    return words, rows


@compiled
def _scan(text, values, starts, lines, odd, line, corners):
    """Fill in values, starts and lines; note number and offset of words that are no numbers; their count."""
    size = len(text)
    number = row = odds = at = 0
    row_has = False
    while at < size:
        letter = text[at]
        if letter in (_NEWLINE, _RETURN):
            if letter == _RETURN and at + 1 < size and text[at + 1] == _NEWLINE:
                at += 1
            at += 1
            line += 1
            row_has = False
        elif _is_blank(letter):
            at += 1
        elif _begins_comment(text, at):
            while at < size and text[at] != _NEWLINE and text[at] != _RETURN:
                at += 1
        else:
            if not row_has:
                starts[row] = number
                lines[row] = line
                row += 1
                row_has = True
            begin = at
            values[number], at = _parse(text, at)
            if corners and at > begin and at < size and text[at] == _SLASH:
                while _word_goes_on(text, at):
                    at += 1
            if at == begin or _word_goes_on(text, at):
                values[number] = np.nan
                odd[odds, 0] = number
                odd[odds, 1] = begin
                odds += 1
                while _word_goes_on(text, at):
                    at += 1
            number += 1
    return odds


@compiled
def _parse(text, at):
    """A decimal number that begins here, and where it ends; where it begins, if there is none."""
    size, begin = len(text), at
    negative = text[at] == _MINUS
    if negative or text[at] == _PLUS:
        at += 1
    mantissa, exponent, digits, seen, behind = np.uint64(0), 0, 0, False, False
    while at < size:
        letter = text[at]
        if letter == _POINT and not behind:
            behind = True
        elif 48 <= letter <= 57:
            seen = True
            if digits < _DIGITS:
                mantissa = mantissa * np.uint64(10) + np.uint64(letter - 48)
                digits += 1 if mantissa > 0 else 0
                exponent -= 1 if behind else 0
            else:
                exponent += 0 if behind else 1
        else:
            break
        at += 1
    if not seen:
        return np.nan, begin
    if at < size and (text[at] == 101 or text[at] == 69):
        power, end = _power(text, at + 1)
        exponent, at = exponent + power, end
    value = float(mantissa)
    # Powers of ten up to 22 are exact; dividing by one rounds once, multiplying by its inverse twice.
    if exponent < -_LARGEST_POWER:  # its inverse would be infinite
        value, exponent = value / 10.0**_LARGEST_POWER, exponent + _LARGEST_POWER
    value = value * 10.0**exponent if exponent >= 0 else value / 10.0**-exponent
    return (-value if negative else value), at


@compiled
def _power(text, at):
    """The whole number behind an "e", and where it ends; one before the "e" where there is none."""
    size, begin, power, seen = len(text), at, 0, False
    negative = at < size and text[at] == _MINUS
    if negative or (at < size and text[at] == _PLUS):
        at += 1
    while at < size and 48 <= text[at] <= 57:
        power = min(power * 10 + (text[at] - 48), 9999)
        seen = True
        at += 1
    if not seen:
        return 0, begin - 1
    return (-power if negative else power), at
