"""Which codepoints are Han: the ranges of Unicode 17, whatever version the running Python knows.

Sources: Scripts.txt, PropList.txt (Unified_Ideograph, Variation_Selector) and Blocks.txt of
https://www.unicode.org/Public/17.0.0/ucd/. A newer Unicode changes this table and ``RANGES`` of
static/js/lib/han.js; a test compares both with each other, and with Unihan.
"""

Ranges = tuple[tuple[int, int], ...]

UNIFIED: Ranges = (
    (0x3400, 0x4DBF),  # Extension A
    (0x4E00, 0x9FFF),
    *((code, code) for code in (0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23)),
    *((code, code) for code in (0xFA24, 0xFA27, 0xFA28, 0xFA29)),
    (0x20000, 0x2A6DF),  # B
    (0x2A700, 0x2B73F),  # C; U+2B73A to U+2B73F came with Unicode 17
    (0x2B740, 0x2B81D),  # D
    (0x2B820, 0x2CEAD),  # E; U+2CEA2 to U+2CEAD came with Unicode 17
    (0x2CEB0, 0x2EBE0),  # F
    (0x2EBF0, 0x2EE5D),  # I
    (0x30000, 0x3134A),  # G
    (0x31350, 0x323AF),  # H
    (0x323B0, 0x33479),  # J
)
COMPATIBILITY: Ranges = ((0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x2F800, 0x2FA1D))
"""The blocks of compatibility ideographs; twelve of them are unified ones all the same."""
RADICALS: Ranges = ((0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5))
STROKES: Ranges = ((0x31C0, 0x31E5),)
SIGNS: Ranges = (
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3021, 0x3029),
    (0x3038, 0x303B),
    (0x16FE2, 0x16FE3),
    (0x16FF2, 0x16FF6),
)
DESCRIPTIONS: Ranges = ((0x2FF0, 0x2FFF), (0x31EF, 0x31EF))
"""They say how components stand to each other: "left of", "above", "around"."""
SELECTORS: Ranges = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
PRIVATE: Ranges = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
IDEOGRAPHS: Ranges = UNIFIED + COMPATIBILITY
HAN: Ranges = IDEOGRAPHS + RADICALS + STROKES + SIGNS


def within(code: int, ranges: Ranges) -> bool:
    """Whether a codepoint lies in one of the ranges."""
    return any(low <= code <= high for low, high in ranges)
