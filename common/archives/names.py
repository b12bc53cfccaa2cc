"""What the names in a zip say, whatever made the zip.

A name is UTF-8 where the zip says so (flag, or Info-ZIP's Unicode Path field). macOS writes UTF-8 and does
not say so; Windows writes the code page of its country and cannot say which. That one is guessed for the
zip as a whole: one name of two characters reads well in several code pages, a hundred of them in one only.
"""

import unicodedata
import zlib
from collections.abc import Sequence

from common.archives.directory import Entry, extra_field

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_LAST_RESORT = "cp437"
CODE_PAGES = ("gb18030", "big5hkscs", "cp932", "cp1258", _LAST_RESORT)
"""Guessed among, in this order where two read equally well."""

# Characters that file and folder names are full of, in the forms of all three scripts.
_COMMON = set(
    "一二三四五六七八九十百千上下左右中大小新旧舊前后後年月日时時分第号號册冊卷页頁页張张章节節回部本版木刻字"
    "典漢汉喃文書书画畫图圖圗像片照影印碑拓片原稿目录錄録序跋附表示例資资料数數据據庫库集全文件夹夾案备備份"
    "副复複製制测測試试扫掃描查看修改最终終完成未已無无有不的是在人名地方山水河江海天金火土石子女王国國家越南"
    "佛經经詩诗歌曲傳传記记史論论語语說说翹翘金雲云翠集古今東西北公司工作学學校生教師师校正式開开始結结束"
    "あいうえおかきくけこさしすせそたちつてとなにのはまみもやよらりるれろをんアイウエオカキクケコサシスセソタチツテトナニノハマミムメモヤヨラリルレロン写真検索"
)
_VIETNAMESE = set("ăâđêôơưĂÂĐÊÔƠƯáàạéèíìóòúùýỳÁÀÉÈÍÌÓÒÚÙÝãõũñçëïöüÿßÄÖÜäåÅæøØ")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = set("aăâeêioôơuưyAĂÂEÊIOÔƠUƯYöüäëï")
_WESTERN = set("éèêëàâäáåçïîìíôöòóûùúüÿñÑÄÅÉÆæÖÜÇßøØ")


def decode_names(entries: Sequence[Entry]) -> list[str]:
    """The names of a zip's entries, in its order.

    UTF-8 names are kept exactly as they are, never composed or decomposed.
    """
    guessing = any(_decoded(entry) is None for entry in entries)
    names = [_decoded(entry, doubting=guessing) for entry in entries]
    puzzling = [entry.raw_name for entry, name in zip(entries, names, strict=True) if name is None]
    page = guess_code_page(puzzling) if puzzling else _LAST_RESORT
    return [
        _read(entry.raw_name, page) if name is None else name
        for entry, name in zip(entries, names, strict=True)
    ]


def guess_code_page(raw_names: Sequence[bytes]) -> str:
    """The code page in which names that are no UTF-8 read best, taken together."""
    distinct = list(dict.fromkeys(raw_names))[:2000]
    return max(CODE_PAGES, key=lambda page: sum(_likelihood(raw, page) for raw in distinct))


def _decoded(entry: Entry, *, doubting: bool = False) -> str | None:
    """The name, where the zip itself tells how it is written; None where it must be guessed.

    doubting: other names of the zip are no UTF-8. Then what reads as UTF-8 of two-byte characters alone,
    and is not flagged, is doubted too: many a pair of Chinese bytes reads so by accident.
    """
    if name := _unicode_path(entry):
        return name
    try:
        name = entry.raw_name.decode("utf-8")
    except UnicodeDecodeError:
        return None
    short = any(char >= "\x80" for char in name) and not any(char >= "\u0800" for char in name)
    return None if doubting and short and not entry.flags & _UTF8_FLAG else name


def _unicode_path(entry: Entry) -> str | None:
    """Info-ZIP's Unicode Path: version 1, the CRC of the name it stands for, the name in UTF-8."""
    block = extra_field(entry.extra, _UNICODE_PATH)
    if not block or len(block) < 6 or block[0] != 1:
        return None
    if int.from_bytes(block[1:5], "little") != zlib.crc32(entry.raw_name):
        return None  # somebody renamed the entry, and left the old field
    try:
        return block[5:].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _read(raw: bytes, page: str) -> str:
    try:
        return _joined(raw.decode(page), page)
    except UnicodeDecodeError:
        best = max(CODE_PAGES, key=lambda page: _likelihood(raw, page))
    try:
        return _joined(raw.decode(best), best)
    except UnicodeDecodeError:
        return raw.decode(_LAST_RESORT)  # it knows all 256 bytes


def _joined(text: str, page: str) -> str:
    """Vietnamese code page 1258 splits a letter from its tone; together is how it was typed."""
    return unicodedata.normalize("NFC", text) if page == "cp1258" else text


def _likelihood(raw: bytes, page: str) -> float:
    """How much ``raw`` read in ``page`` looks like a name; about 1 for each character that does."""
    try:
        text = raw.decode(page)
    except UnicodeDecodeError:
        return -5.0 * len(raw)
    judge = {"cp1258": _judge_vietnamese, _LAST_RESORT: _judge_western}.get(page, _judge_han)
    return sum(judge(text, at) for at in range(len(text)) if text[at] >= "\x80")


def _judge_han(text: str, at: int) -> float:
    char = text[at]
    if char in _COMMON:
        score = 2.5
    elif "\u4e00" <= char <= "\u9fff":
        score = _rank(char)
    elif "\u3040" <= char <= "\u30ff" or "\u3000" <= char <= "\u3020" or "\uff01" <= char <= "\uff5e":
        score = 0.5
    elif "\u3400" <= char <= "\u4dbf" or char >= "\U00020000":
        score = 0.2
    else:
        return -2.0  # halfwidth kana, private use, Greek, boxes: what another code page's bytes turn into
    return score - 1.0 * _touches_letters(text, at)


def _rank(char: str) -> float:
    """Han characters that a country's first standard ranks as common are likelier than the rest."""
    first_level = 0.0
    for page, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("cp932", 0x88, 0x97)):
        try:
            first_level += low <= char.encode(page)[0] <= high
        except UnicodeEncodeError:
            continue
    return 0.1 + 0.45 * first_level


def _touches_letters(text: str, at: int) -> int:
    """How many Latin letters stand right beside a character: inside a word no Han character stands."""
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return sum(char.isascii() and char.isalpha() for char in beside)


def _judge_vietnamese(text: str, at: int) -> float:
    char, before = text[at], text[at - 1 : at]
    if char in _TONES:
        return 1.0 if before and before in _VOWELS else -3.0
    if char in _VIETNAMESE:
        return 1.0 if _touches_letters(text, at) else -0.2
    return -2.0


def _judge_western(text: str, at: int) -> float:
    if text[at] in _WESTERN:
        return 0.9 if _touches_letters(text, at) else -0.3
    return -1.5
