"""Names in zips, whatever made the zip."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.archives.archive import open_archive
from common.archives.names import guess_code_page
from tests.common.archives.zips import Line, make_zip, unicode_path

CODE_PAGES = {
    "gb18030": [
        "刻本/第一页.png",
        "图片/字_001.png",
        "金云翘传",
        "木刻",
        "漢喃研究院/金雲翹傳.png",
        "喃字.png",
        "翘",
    ],
    "big5hkscs": [
        "刻本/第一頁.png",
        "圖片/字_001.png",
        "金雲翹傳",
        "木刻",
        "漢喃研究院/金雲翹傳.png",
        "喃字.png",
    ],
    "cp932": ["版木/第一頁.png", "写真/文字_001.png", "新しいフォルダー/コピー.png", "金雲翹", "漢字.png"],
    "cp1258": ["Truyện Kiều/trang 1.png", "Ảnh chụp/chữ Nôm.png", "Thư mục mới", "mộc bản 12.png", "ảnh.png"],
    "cp437": ["Übersicht/blöcke.png", "été/façade.png", "Größe.png", "niño.png"],
}
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def as_windows_writes(name: str, page: str) -> bytes:
    """``name`` in a code page; 1258 has letters and tones, and few letters with a tone on them."""
    if page != "cp1258":
        return name.encode(page)
    out = b""
    for char in name:
        try:
            out += char.encode(page)
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
            out += (letter + "".join(mark for mark in marks if mark in _TONES)).encode(page)
    return out


def names_in(path: Path) -> list[str]:
    with open_archive(path, name="z") as archive:
        return [member.name for member in archive.members]


@pytest.fixture
def names(tmp_path):
    """``names(lines)``: the names that are read from a zip of these lines."""

    def names(*lines: Line) -> list[str]:
        path = tmp_path / "z"
        path.write_bytes(make_zip(list(lines)))
        return names_in(path)

    return names


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, found in CODE_PAGES.items() for name in found]
)
def test_one_name_of_a_code_page_is_read(names, page, name):
    assert names(Line(as_windows_writes(name, page))) == [name]


@pytest.mark.parametrize("page", CODE_PAGES)
def test_a_whole_zip_of_a_code_page_is_read(names, page):
    assert names(*(Line(as_windows_writes(name, page)) for name in CODE_PAGES[page])) == CODE_PAGES[page]


@pytest.mark.parametrize("page", CODE_PAGES)
def test_names_of_latin_letters_among_them_change_nothing(names, page):
    plain = [Line(b"%d.png" % number) for number in range(30)]
    assert names(*plain, Line(as_windows_writes(CODE_PAGES[page][0], page)))[-1] == CODE_PAGES[page][0]


def test_folders_by_backslash_become_folders(names):
    assert names(Line("圖片\\字.png".encode("big5"), system=0)) == ["圖片/字.png"]


def test_a_backslash_byte_inside_a_character_is_no_folder(names):
    name = "功能/許可.png"  # Big5 writes both with a byte 5C
    assert b"\\" in name.encode("big5")
    assert names(Line(name.encode("big5"), system=0)) == [name]


def test_utf8_that_is_said_so_is_kept(names):
    assert names(Line("字\U00020000\ue000.png".encode(), flags=0x800)) == ["字\U00020000\ue000.png"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_macos_names_are_kept_exactly_as_they_are(names, form):
    name = unicodedata.normalize(form, "Truyện Kiều/ảnh が.png")
    assert names(Line(name.encode())) == [name]


def test_a_flag_that_lies_does_not_spoil_the_zip(names):
    assert names(Line("图片/字.png".encode("gb18030"), flags=0x800), Line(b"a.png")) == [
        "图片/字.png",
        "a.png",
    ]


def test_the_unicode_path_field_is_followed_where_it_belongs(names):
    raw = "字.png".encode("gb18030")
    right, wrong = unicode_path(raw, "𡨸.png"), unicode_path(raw, "𡨸.png", crc=1)
    assert names(Line(raw, extra=right)) == ["𡨸.png"]
    assert names(Line(raw, extra=wrong)) == ["字.png"]
    assert names(Line(raw, extra=right[:-2])) == ["字.png"]


def test_chinese_bytes_that_look_like_utf8_go_with_their_neighbours(names):
    odd = "模"
    assert odd.encode("gb18030").decode("utf-8")
    others = ["刻本/第一页.png", "图片/字_001.png"]
    lines = [Line(name.encode("gb18030")) for name in [*others, f"{odd}.png"]]
    assert names(*lines)[-1] == f"{odd}.png"


common = st.text(
    alphabet="一二三上下左右中大小新日月年頁本文書木字東西南北山水人王國天地金石", min_size=4, max_size=12
)


@given(st.lists(common, min_size=1, max_size=5), st.sampled_from(["gb18030", "big5hkscs", "cp932"]))
def test_names_of_common_characters_are_told_apart(found, page):
    raw = [name.encode(page) for name in found]
    guess = guess_code_page(raw)
    assert [name.decode(guess, "replace") for name in raw] == found


@given(
    st.lists(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()), min_size=1, max_size=4)
)
def test_any_utf8_name_comes_back_as_it_was(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("z") / "z"
    names = [f"a{name}b" for name in found]
    path.write_bytes(make_zip([Line(name.encode(), flags=0x800) for name in names]))
    assert names_in(path) == names


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=4))
def test_no_name_is_too_odd_to_be_shown(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("z") / "z"
    path.write_bytes(make_zip([Line(b"a" + name + b"b") for name in found]))
    shown = names_in(path)
    assert len(shown) == len(found)
    assert all(name.encode() for name in shown)
