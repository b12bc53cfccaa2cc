"""Refusals in the reader's language.

A refusal is written down once, in English, with names and numbers in its words; whoever reads it later may
read another language. For those readers its code stands for a sentence that says the same without them.
"""

from django.utils.translation import get_language, gettext

from common.file_types import Kind
from webapp.core.errors import AppError
from webapp.core.pages.file_words import listed_in_words
from webapp.core.refusals.numbers import place_and_size
from webapp.core.refusals.of_blocks import BLOCK_WORDS
from webapp.core.refusals.of_files import FILE_WORDS
from webapp.core.refusals.of_labels import LABEL_WORDS
from webapp.core.refusals.of_meshes import MESH_WORDS
from webapp.core.refusals.of_models import MODEL_WORDS
from webapp.core.refusals.of_pages import PAGE_WORDS
from webapp.core.refusals.of_pictures import PICTURE_WORDS
from webapp.core.refusals.of_review import REVIEW_WORDS
from webapp.core.refusals.of_webhooks import WEBHOOK_WORDS
from webapp.core.refusals.of_zips import ZIP_WORDS

_ENGLISH = "en"

# By code: what happened, and what to do.
WORDS: dict[str, tuple[str, str]] = {
    **FILE_WORDS,
    **PICTURE_WORDS,
    **MESH_WORDS,
    **ZIP_WORDS,
    **PAGE_WORDS,
    **BLOCK_WORDS,
    **REVIEW_WORDS,
    **MODEL_WORDS,
    **LABEL_WORDS,
    **WEBHOOK_WORDS,
}


def in_words(code: str, message: str, hint: str = "") -> tuple[str, str]:
    """The message and hint of a refusal, in the reader's language.

    Readers of English, and of a refusal whose code is not known, get the words as they were written down.
    """
    if (get_language() or _ENGLISH).startswith(_ENGLISH) or code not in WORDS:
        return message, hint
    words, hint = WORDS[code]
    return gettext(words) + place_and_size(message), _with_types(gettext(hint)) if hint else ""


def _with_types(text: str) -> str:
    """The text with the file types that it leaves room for."""
    if "%(" not in text:
        return text
    return text % {"pictures": listed_in_words(Kind.PICTURE), "meshes": listed_in_words(Kind.MESH)}


def in_one_line(code: str, reason: str) -> str:
    """A refusal whose message and hint were written down as one reason, in the reader's language."""
    message, hint = in_words(code, reason)
    return f"{message} {hint}".strip()


def error_in_words(error: AppError) -> tuple[str, str]:
    """An error's message and hint, in the reader's language."""
    return in_words(error.code, str(error), error.hint)
