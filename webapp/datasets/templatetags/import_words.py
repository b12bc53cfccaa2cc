"""Why a line of an imported file cannot be used, in the reader's language."""

from datetime import date

from django import template
from django.utils.formats import date_format

from webapp.datasets.imports.line_texts import word_in_words

register = template.Library()
register.filter("import_word", word_in_words)


@register.filter
def import_day(decided: str) -> str:
    """The day that a file gives, as the reader's language writes it; unchanged where it is not a day."""
    try:
        return date_format(date.fromisoformat(decided[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return decided[:10]
