"""The choice of characters, and the hold-outs that every reported number rests on."""

import bz2
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from common.han import IDEOGRAPHS, within

READINGS = Path("/usr/share/unicode/Unihan_Readings.txt.bz2")
BEYOND = 0x10000  # first codepoint beyond the BMP


def held_out(codepoint: int, *, one_in: int = 25) -> bool:
    """Whether this character is in no training image at all; the same answer on every machine.

    one_in: of so many characters one is held out, by lot.
    """
    digest = hashlib.sha256(f"character {codepoint:X}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % one_in == 0


def held_out_page(page: str, *, one_in: int = 12) -> bool:
    """Whether the crops of this book page are kept out of training.

    one_in: of so many pages one is held out, by lot.
    """
    digest = hashlib.sha256(f"page {page}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % one_in == 0


def is_ideograph(codepoint: int) -> bool:
    """Whether this is a Han character: radicals, kana and private use are not."""
    return within(codepoint, IDEOGRAPHS)


def vietnamese_readings(path: Path = READINGS) -> set[int]:
    """Characters with a Vietnamese reading in Unihan; empty where Debian's unicode-data is missing."""
    if not path.exists():
        return set()
    text = bz2.decompress(path.read_bytes()).decode()
    return {int(code, 16) for code in re.findall(r"^U\+([0-9A-F]+)\tkVietnamese", text, re.MULTILINE)}


def choose_characters(
    claimed: Mapping[str, set[int]], wanted: set[int], *, common: int, beyond: int
) -> list[int]:
    """The characters to learn, by codepoint, ascending.

    Beside those wanted, the ones that most typefaces claim.

    claimed: typeface name to the codepoints it claims.
    wanted: characters to take in any case, where two typefaces claim them.
    common: characters of the BMP, in all.
    beyond: characters beyond it, in all.
    """
    support = Counter(code for codes in claimed.values() for code in codes if is_ideograph(code))
    chosen = {code for code in wanted if support[code] >= 2}
    ranked = sorted(
        (code for code in support if support[code] >= 2), key=lambda c: (-support[c], _shuffled(c))
    )
    for limit, of_kind in ((common, lambda c: c < BEYOND), (beyond, lambda c: c >= BEYOND)):
        have = sum(map(of_kind, chosen))
        rest = [code for code in ranked if of_kind(code) and code not in chosen]
        chosen.update(rest[: max(0, limit - have)])
    return sorted(chosen)


def _shuffled(codepoint: int) -> bytes:
    return hashlib.sha256(f"order {codepoint:X}".encode()).digest()[:8]
