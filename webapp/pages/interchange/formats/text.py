"""Plain text: a line for each column, an empty line between pages."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from common.transcriptions import UNREAD
from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one text: labels, and proposals where there is none."""
    yield "pages.txt", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    for place, page in enumerate(book.pages()):
        lines = ("".join(box.text or UNREAD for box in boxes) + "\n" for _, boxes in page.columns())
        yield (("\n" if place else "") + "".join(lines)).encode()


BOX_FORMAT = BoxFormat(name="text", label=_("Plain text"), ending="txt", write=write, place=40)
