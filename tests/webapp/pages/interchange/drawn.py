"""Pages with boxes for the tests of all formats, and one format's way there and back."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

from webapp.pages.interchange.box_format import BookLayout, BoxFormat
from webapp.pages.interchange.layout import BoxLayout, PageLayout

# A compatibility ideograph, one of a high plane, a private one, and one with a variation selector.
CHARACTERS = ("人", "\uf900", "\U00030000", "\ue123", "葛\U000e0100", "")


def page(name: str = "trang 2 天 <&>.jpg") -> PageLayout:
    """A page of two columns, the second one of notes."""
    boxes = [
        BoxLayout(800 - 100 * column, 10 + 60 * place, 40, 50, column, 3 * (column - 1) + place + 1)
        for column in (1, 2)
        for place in range(3)
    ]
    kinds = ["main"] * 3 + ["note"] * 3
    rows = zip(boxes, CHARACTERS, kinds, strict=True)
    boxes = [
        replace(box, character=character, kind=kind, score=0.5, state="settled" if character else "waiting")
        for box, character, kind in rows
    ]
    boxes[-1] = replace(boxes[-1], proposal="地")
    return PageLayout(name, 1000, 700, tuple(boxes), sha256="ab" * 32)


def book(*pages: PageLayout) -> BookLayout:
    """A document of these pages."""
    return BookLayout(
        "Kiều <&>", lambda: pages, source="a library", shelf_mark="R. 1", date="1871", rights="free"
    )


def files_of(format: BoxFormat, *pages: PageLayout) -> dict[str, bytes]:
    """What the format writes, by the files' names."""
    return {name: b"".join(parts) for name, parts in format.write(book(*pages))}


def read_back(format: BoxFormat, files: dict[str, bytes]) -> Iterator[PageLayout]:
    """All pages of what was written."""
    if format.ending == "zip":
        yield from format.read(zipped(files), "export.zip")
        return
    for name, data in files.items():
        yield from format.read(data, name)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
