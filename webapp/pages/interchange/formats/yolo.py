"""YOLO: a text file a page with the boxes' classes and middles, and the classes' names. https://docs.ultralytics.com"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written, unlike
from webapp.pages.interchange.layout import BoxLayout, PageLayout, stem_of
from webapp.pages.interchange.values import bad_boxes, character_named, number, share, to_json

_UNREAD = "character"
_MOST = 64 << 20  # bytes of all its texts
_NAME = re.compile(r"""^\s*(?:(?P<number>\d+)\s*:|-)\s*(?P<name>.*?)\s*$""")


def write(book: BookLayout) -> Iterator[Written]:
    """``labels/`` with a file a page, then ``data.yaml``; the pictures belong into ``images/``."""
    classes: dict[str, int] = {"": 0}
    names: set[str] = set()
    for page in book.pages():
        lines = "".join(_line(box, page, classes) for box in page.boxes)
        yield f"labels/{unlike(page.stem, names)}.txt", [lines.encode()]
    listed = b"".join(
        f"  {number_}: ".encode() + to_json(character or _UNREAD) for character, number_ in classes.items()
    )
    yield "data.yaml", [b"path: .\ntrain: images\nval: images\nnames:\n" + listed]


def _line(box: BoxLayout, page: PageLayout, classes: dict[str, int]) -> str:
    number_ = classes.setdefault(box.character, len(classes))
    shares = (
        (box.x + box.w / 2) / page.width,
        (box.y + box.h / 2) / page.height,
        box.w / page.width,
        box.h / page.height,
    )
    return f"{number_} {' '.join(f'{one:.7f}' for one in shares)}\n"


def read(data: bytes, name: str) -> list[PageLayout]:
    """The pages of a zip; one label file alone has no names of classes, and so no characters."""
    if not data.startswith(b"PK"):
        return [_page(stem_of(name), data, {}, name)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist() if _is_text(entry.filename)) > _MOST:
                raise bad_boxes(name, "the texts in it are too large")
            texts = {one: packed.read(one) for one in packed.namelist() if _is_text(one)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
        raise bad_boxes(name, f"the zip cannot be read: {error}") from None
    classes = _classes(texts)
    return [
        _page(stem_of(path), text, classes, f"{name}: {path}")
        for path, text in sorted(texts.items())
        if path.endswith(".txt") and stem_of(path) != "classes"
    ]


def _is_text(path: str) -> bool:
    return path.endswith((".txt", ".yaml", ".yml")) and "__MACOSX/" not in path


def _classes(texts: dict[str, bytes]) -> dict[int, str]:
    """Names by number, of ``data.yaml`` in the ways in which tools write it, or of ``classes.txt``."""
    for path, text in texts.items():
        if stem_of(path) == "classes":
            return dict(enumerate(text.decode("utf-8", "replace").splitlines()))
    for path, text in texts.items():
        if path.endswith((".yaml", ".yml")):
            return dict(_named(text.decode("utf-8", "replace")))
    return {}


def _named(text: str) -> Iterator[tuple[int, str]]:
    """The list or the table under ``names:``; what else YAML can hold is not read."""
    within = re.split(r"^names\s*:", text, maxsplit=1, flags=re.M)[-1]
    first, _, rest = within.partition("\n")
    if first.strip().startswith("["):
        inside = within.partition("[")[2].partition("]")[0]
        yield from enumerate(_unquoted(one) for one in inside.split(","))
        return
    place = 0
    for line in rest.splitlines():
        found = _NAME.match(line)
        if not found:
            return
        place = int(found["number"][:6]) if found["number"] else place
        yield place, _unquoted(found["name"])
        place += 1


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'")


def _page(stem: str, text: bytes, classes: dict[int, str], name: str) -> PageLayout:
    lines = (line.split() for line in text.decode("utf-8", "replace").splitlines())
    boxes = [_box(order, words, classes, name) for order, words in enumerate(filter(None, lines), 1)]
    return PageLayout(stem, 1, 1, tuple(boxes))


def _box(order: int, words: list[str], classes: dict[int, str], name: str) -> BoxLayout:
    if len(words) not in (5, 6) or not words[0].isdecimal():
        raise bad_boxes(name, f"line {order} is not a class and four numbers")
    x, y, w, h = (number(word, name) for word in words[1:5])
    if max(abs(x), abs(y), abs(w), abs(h)) > 2:
        raise bad_boxes(name, f"line {order} is not in shares of the picture")
    character = character_named(classes.get(int(words[0][:9]), ""))
    score = share(words[5]) if len(words) == 6 else None
    return BoxLayout(x - w / 2, y - h / 2, w, h, order=order, character=character, score=score)


def _is_yolo(head: bytes, name: str) -> bool:
    if head.startswith(b"PK"):
        return b"labels/" in head or b"classes.txt" in head or b"data.yaml" in head
    return bool(re.match(rb"\d+( -?\d*\.?\d+(e-?\d+)?){4,5}\s*[\r\n]", head))


BOX_FORMAT = BoxFormat(
    name="yolo",
    label="YOLO",
    pictures="images/",
    ending="zip",
    write=write,
    single=False,
    read=read,
    is_one=_is_yolo,
    place=21,
)
