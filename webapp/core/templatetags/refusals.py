"""Refusals on pages, in the reader's language."""

from typing import Any

from django import template

from webapp.core.refusals.notes import note_in_words
from webapp.core.refusals.words import WORDS, in_one_line, in_words

register = template.Library()


@register.filter
def error_of(row: Any) -> str:
    """Why the row was refused; of anything with error_code, error and hint."""
    return in_words(row.error_code, row.error, row.hint)[0]


@register.filter
def hint_of(row: Any) -> str:
    """What to do about it."""
    return in_words(row.error_code, row.error, row.hint)[1]


@register.filter
def failure(row: Any, code: str = "") -> str:
    """Why the row's work failed, and what to do, in one line; of anything with error_code and error.

    code: says it where the row's own is not known.
    """
    known = row.error_code if row.error_code in WORDS else code
    return " ".join(filter(None, in_words(known, row.error, getattr(row, "hint", ""))))


@register.filter
def reason_of(row: Any) -> str:
    """Why the entry was left out; of anything with code and reason."""
    return in_one_line(row.code, row.reason)


@register.filter
def note_of(note: str) -> str:
    """One of the notes on what was repaired."""
    return note_in_words(note)
