"""What a box format is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from webapp.pages.interchange.layout import PageLayout


@dataclass(frozen=True)
class BookLayout:
    """Pages to be written. pages: gives them from the first on, each time it is called; none is kept.

    title, source, shelf_mark, date, rights: of the document; each may be empty.
    """

    title: str
    pages: Callable[[], Iterable[PageLayout]]
    source: str = ""
    shelf_mark: str = ""
    date: str = ""
    rights: str = ""


Written = tuple[str, Iterable[bytes]]
"""A file: its name, and its parts."""


@dataclass(frozen=True)
class BoxFormat:
    """A format of pages with boxes. Each is declared as ``BOX_FORMAT`` in a module of ``formats``.

    Args:
        name: for programs and in the database, where it must never change.
        label: for people.
        ending: of the one file, or of each of several.
        write: gives the files; pictures are named as the pages are. None for a format that is only read.
        single: whether all pages are one file; otherwise an export is a zip.
        read: from a file's bytes and name to its pages. It raises ``BadBoxes``; None for one only written.
        is_one: whether a file that begins like this (its first kilobytes) and is named like this is one.
        pictures: the folder that pictures belong into beside what is written, with "/" at its end.
        place: where it stands in lists; the lowest first, then by name.
    """

    name: str
    label: str | Promise
    ending: str
    write: Callable[[BookLayout], Iterator[Written]] | None = None
    single: bool = True
    read: Callable[[bytes, str], list[PageLayout]] | None = None
    is_one: Callable[[bytes, str], bool] = lambda head, name: False
    pictures: str = ""
    place: int = 50


def one_a_page(
    write: Callable[[PageLayout], bytes], ending: str
) -> Callable[[BookLayout], Iterator[Written]]:
    """A writer that gives each page a file, named as its picture is; names that repeat get a number."""

    def written(book: BookLayout) -> Iterator[Written]:
        names: set[str] = set()
        for page in book.pages():
            yield f"{unlike(page.stem, names)}.{ending}", [write(page)]

    return written


def unlike(name: str, names: set[str]) -> str:
    """The name, or with a number where it is among those already; it is added to them."""
    own, number = name, 1
    while own.casefold() in names:
        number += 1
        own = f"{name}-{number}"
    names.add(own.casefold())
    return own
