"""hOCR: HTML in which a column is an ``ocr_line`` and a character a word. http://kba.github.io/hocr-spec/1.2/"""

from collections.abc import Iterable, Iterator
from html import escape
from html.parser import HTMLParser

from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written
from webapp.pages.interchange.layout import BoxLayout, PageLayout
from webapp.pages.interchange.values import bad_boxes, number, share
from webapp.pages.interchange.xml_tree import clean

_CHARACTERS = ("ocrx_cinfo", "ocrx_word")


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one file."""
    yield "pages.hocr", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    title = _text(book.title)
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n<title>{title}</title>\n'
        '<meta charset="utf-8"/>\n<meta name="ocr-system" content="Mocban"/>\n'
        '<meta name="ocr-capabilities" content="ocr_page ocr_line ocrx_word"/>\n</head>\n<body>\n'
    ).encode()
    for number_, page in enumerate(book.pages(), 1):
        yield _page(number_, page).encode()
    yield b"</body>\n</html>\n"


def _page(place: int, page: PageLayout) -> str:
    picture = page.name.replace('"', "'")
    title = f'image "{picture}"; bbox 0 0 {round(page.width)} {round(page.height)}; ppageno {place - 1}'
    lines = "".join(
        f'<span class="ocr_line" id="line_{place}_{number_}" title="bbox {_around(boxes)}">'
        f"{''.join(_word(box) for box in boxes)}</span><br/>\n"
        for number_, (_, boxes) in enumerate(page.columns(), 1)
    )
    return f'<div class="ocr_page" id="page_{place}" title="{_text(title)}">\n{lines}</div>\n'


def _word(box: BoxLayout) -> str:
    sure = "" if box.score is None else f"; x_wconf {round(100 * box.score)}"
    return f'<span class="ocrx_word" title="bbox {_around([box])}{sure}">{_text(box.text)}</span>'


def _around(boxes: Iterable[BoxLayout]) -> str:
    some = list(boxes)
    near = (min(box.x for box in some), min(box.y for box in some))
    far = (max(box.x + box.w for box in some), max(box.y + box.h for box in some))
    return " ".join(str(max(round(value), 0)) for value in (*near, *far))


def _text(text: str) -> str:
    return escape(clean(text))


def read(data: bytes, name: str) -> list[PageLayout]:
    """The pages of a file: a character's own box where there is one, else that of a word."""
    parser = _Parser(name)
    parser.feed(data.decode("utf-8", "replace"))
    parser.close()
    return parser.pages()


class _Parser(HTMLParser):
    """Gathers boxes from the classes and titles of elements. HTML is read as it is, well-formed or not."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self._pages: list[PageLayout] = []
        self._found: list[list[_Word]] = []
        self._column = 0
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = next((one for one in (values.get("class") or "").split() if one.startswith("ocr")), "")
        if tag not in _EMPTY:
            self._open.append((tag, kind))
        title = _properties(values.get("title") or "")
        if kind == "ocr_page":
            self._begin_page(title)
        elif kind in ("ocr_line", "ocr_textfloat", "ocr_header", "ocr_caption"):
            self._column += 1
        elif kind in _CHARACTERS and self._found:
            self._found[-1].append(_Word(kind, self._box(title), self._column))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        if any(one == tag for one, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        within = next((kind for _, kind in reversed(self._open) if kind in _CHARACTERS), "")
        if within and self._found and self._found[-1]:
            self._found[-1][-1].text += data.strip()

    def _begin_page(self, title: dict[str, str]) -> None:
        x, y, right, bottom = self._corners(title)
        picture = title.get("image", "").strip("\"' ") or self._name
        self._pages.append(PageLayout(picture, right - x, bottom - y))
        self._found.append([])
        self._column = 0

    def _box(self, title: dict[str, str]) -> tuple[float, float, float, float, float | None]:
        x, y, right, bottom = self._corners(title)
        sure = title.get("x_wconf") or title.get("x_confs") or ""
        try:
            score = share(float(sure.split()[0]) / 100)
        except (IndexError, ValueError):
            score = None
        return x, y, right - x, bottom - y, score

    def _corners(self, title: dict[str, str]) -> list[float]:
        words = title.get("bbox", "").split()
        if len(words) != 4:
            raise bad_boxes(self._name, "a page or a word has no bbox of four numbers")
        return [number(word, self._name) for word in words]

    def pages(self) -> list[PageLayout]:
        """The pages that were read. Raises BadBoxes where there are none."""
        if not self._pages:
            raise bad_boxes(self._name, "there is no ocr_page in it")
        return [
            PageLayout(page.name, page.width, page.height, tuple(_boxes(words)))
            for page, words in zip(self._pages, self._found, strict=True)
        ]


class _Word:
    """A word or a character, as its text comes in."""

    def __init__(
        self, kind: str, place: tuple[float, float, float, float, float | None], column: int
    ) -> None:
        self.kind, self.place, self.column, self.text = kind, place, column, ""


def _boxes(words: list[_Word]) -> Iterator[BoxLayout]:
    """Characters; words of a page whose characters have no places of their own."""
    own = [word for word in words if word.kind == "ocrx_cinfo"] or words
    for order, word in enumerate(own, 1):
        x, y, w, h, score = word.place
        yield BoxLayout(x, y, w, h, word.column, order, character=word.text, score=score)


_EMPTY = {"br", "hr", "img", "meta", "link", "input"}


def _properties(title: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in title.split(";"))
    return {key: value for key, _, value in pairs if key}


def _is_hocr(head: bytes, name: str) -> bool:
    return b"ocr_page" in head or (name.lower().endswith(".hocr") and b"<html" in head)


BOX_FORMAT = BoxFormat(
    name="hocr", label="hOCR", ending="hocr", write=write, read=read, is_one=_is_hocr, place=12
)
