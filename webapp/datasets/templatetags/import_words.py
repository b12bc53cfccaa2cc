"""Why a line of an imported file cannot be used, in the reader's language."""

from datetime import date

from django import template
from django.utils.formats import date_format

from webapp.core.templatetags.refusals import error_of, hint_of
from webapp.datasets.imports.line_texts import word_in_words
from webapp.datasets.models import LabelImport

register = template.Library()
register.filter("import_word", word_in_words)


@register.filter
def import_error(upload: LabelImport) -> str:
    """Why the file was refused, with the line where it is known."""
    return _first(word_in_words(upload.error), upload.error, error_of(upload))


@register.filter
def import_hint(upload: LabelImport) -> str:
    """What to do about it."""
    return _first(word_in_words(upload.hint), upload.hint, hint_of(upload))


def _first(translated: str, written: str, by_code: str) -> str:
    """What was written down where it has words of its own, else what its code says."""
    return translated if translated != written else by_code


@register.filter
def import_day(decided: str) -> str:
    """The day that a file gives, as the reader's language writes it; unchanged where it is not a day."""
    try:
        return date_format(date.fromisoformat(decided[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return decided[:10]
