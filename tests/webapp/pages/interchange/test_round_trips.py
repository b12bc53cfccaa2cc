"""Every format that is read gives back what it wrote: places, exact characters, what else it has room for."""

from dataclasses import replace
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webapp.pages.interchange.drawn import CHARACTERS, files_of, page, read_back, zipped
from webapp.core.errors import Refused
from webapp.pages.interchange.box_format import BoxFormat
from webapp.pages.interchange.formats import BOX_FORMATS, format_of
from webapp.pages.interchange.layout import BoxLayout, PageLayout, as_scanned, scaled_to, turn_layout
from webapp.pages.interchange.values import BadBoxes

BOTH_WAYS = [one for one in BOX_FORMATS.values() if one.read and one.write]
# What a format has no room for. A box that carries one text gives a proposal back as if it were a label.
ONE_TEXT = {"alto", "hocr"}
NO_KIND = {"hocr", "yolo"}
NO_STATE = {"alto", "hocr", "yolo"}
NO_SCORE = {"yolo"}


def test_all_formats_of_the_field_are_there():
    both = {"alto", "page_xml", "hocr", "coco_boxes", "yolo", "labelme", "via", "iiif", "csv_boxes"}
    assert {one.name for one in BOTH_WAYS} == both
    assert set(BOX_FORMATS) - both == {"text", "tei"}


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda one: one.name)
def test_what_was_written_is_read(format):
    pages = [page("1.jpg"), page()]
    found = list(read_back(format, files_of(format, *pages)))
    assert len(found) == 2
    for one, was in zip(found, pages, strict=True):
        assert one.stem == was.stem
        whole = scaled_to(one, was.width, was.height) if one.width else one
        assert [_kept(box, format.name) for box in whole.boxes] == [
            _kept(box, format.name) for box in was.boxes
        ]


def _kept(box: BoxLayout, name: str) -> tuple:
    texts = box.text if name in ONE_TEXT else (box.character, None if name == "yolo" else box.proposal)
    column = None if name == "yolo" else box.column
    kept = (None if name in NO_KIND else box.kind, None if name in NO_STATE else box.state)
    # A text with a score says how sure the text is: a box without one has nowhere to write it.
    score = None if name in NO_SCORE or (name == "page_xml" and not box.text) else box.score
    place = tuple(round(side, 2) for side in (box.x, box.y, box.w, box.h))
    return (*place, column, box.order, texts, *kept, score)


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda one: one.name)
def test_a_file_says_what_it_is(format):
    files = files_of(format, page("a.jpg"))
    name, data = ("x.zip", zipped(files)) if format.ending == "zip" else next(iter(files.items()))
    assert format_of(data, name) is format
    assert format_of(b"nothing of the kind", "x.bin") is None


@pytest.mark.parametrize("format", BOX_FORMATS.values(), ids=lambda one: one.name)
def test_characters_are_exact(format):
    files = files_of(format, page("a.jpg"))
    together = b"".join(files.values()).decode()
    for character in filter(None, CHARACTERS):
        codes = [f"U+{ord(one):04X}" for one in character]
        assert character in together or " ".join(codes) in together
    assert normalize("NFC", "\uf900") not in together


@pytest.mark.parametrize("format", BOX_FORMATS.values(), ids=lambda one: one.name)
def test_a_page_without_boxes_and_a_book_without_pages(format):
    assert b"".join(files_of(format).values()) is not None
    files = files_of(format, PageLayout("a.jpg", 10, 20))
    if format.read and format.name != "csv_boxes":
        (found,) = read_back(format, files)
        assert found.boxes == ()


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda one: one.name)
def test_names_that_are_alike_get_a_file_each(format):
    files = files_of(format, page("a.jpg"), page("A.png"))
    assert len(list(read_back(format, files))) == 2


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda one: one.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(format, data):
    """Cut short, or with some bytes exchanged: there are pages, or a refusal in words, and no other end."""
    files = files_of(format, page("a.jpg"))
    whole = zipped(files) if format.ending == "zip" else next(iter(files.values()))
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from([b"", b"-", b'"', b"9" * 400, b"<", b"\xff", b"NaN", b"{", b"[1]"]))
    damaged = whole[:at] + other + whole[at + data.draw(st.integers(0, 3)) :]
    assert _read_or_refused(format, damaged) is not None


def _read_or_refused(format: BoxFormat, data: bytes) -> list[PageLayout]:
    """Its pages; none where it is refused in words."""
    try:
        return format.read(data, "a")
    except BadBoxes as error:
        return [] if error.hint else [error]


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "bad", [b"", b"null", b"[]", b"{}", b"[[[[", b"PK\x03\x04", b"<a/>", b"<alto>" * 50_000, b"[" * 50_000]
)
def test_a_file_of_something_else_is_refused_or_empty(format, bad):
    assert all(not one.boxes for one in _read_or_refused(format, bad))


@pytest.mark.parametrize("text", ["\\ud800", "a\\u0000b"])
def test_json_of_half_characters_is_refused_before_a_page_or_a_database_takes_it(text):
    for format in ("labelme", "coco_boxes", "via", "iiif"):
        with pytest.raises(BadBoxes, match="half a character"):
            BOX_FORMATS[format].read(f'{{"imagePath": "{text}", "shapes": []}}'.encode(), "a.json")


@pytest.mark.parametrize("name", ["alto", "page_xml"])
def test_entities_are_not_expanded(name):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 9 if n else "ha"}">' for n in range(9))
    root = "alto" if name == "alto" else "PcGts"
    with pytest.raises(Refused, match="entities"):
        BOX_FORMATS[name].read(f"<!DOCTYPE x [{laughs}]><{root}>&l8;</{root}>".encode(), "bomb.xml")
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><{root}>&e;</{root}>'
    with pytest.raises(Refused, match="entities"):
        BOX_FORMATS[name].read(outside.encode(), "outside.xml")


sides = st.floats(0, 500, allow_nan=False)


@given(st.lists(st.tuples(sides, sides, sides, sides), max_size=4), st.sampled_from([0, 90, 180, 270]))
def test_turning_comes_back(places, turn):
    boxes = tuple(BoxLayout(*place) for place in places)
    was = PageLayout("a", 1000, 700, boxes)
    turned = turn_layout(was, turn)
    assert turned.turn == turn
    assert (turned.width, turned.height) == ((1000, 700) if turn % 180 == 0 else (700, 1000))
    back = as_scanned(turned)
    assert replace(back, boxes=()) == replace(was, boxes=())
    for one, other in zip(back.boxes, boxes, strict=True):
        assert (one.x, one.y, one.w, one.h) == pytest.approx((other.x, other.y, other.w, other.h))


def test_a_quarter_turn_clockwise_brings_the_left_edge_to_the_top():
    was = PageLayout("a", 100, 50, (BoxLayout(0, 40, 10, 5),))
    (box,) = turn_layout(was, 90).boxes
    assert (box.x, box.y, box.w, box.h) == (5, 0, 5, 10)
