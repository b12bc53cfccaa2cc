"""Why a line of an imported file cannot be used, in the reader's language."""

from django import template

from webapp.datasets.imports.line_texts import word_in_words

register = template.Library()
register.filter("import_word", word_in_words)
