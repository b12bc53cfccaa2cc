"""The ranges of Han are those of Unicode 17, whatever Python runs."""

import re
from pathlib import Path

import pytest

from common.han import DESCRIPTIONS, HAN, IDEOGRAPHS, PRIVATE, SELECTORS, UNIFIED, within
from webapp.characters.tables import rows, sources

SCRIPT = Path(__file__).parents[2] / "static/js/lib/han.js"


def codes(*ranges):
    return {code for low, high in ranges for code in range(low, high + 1)}


def test_ideographs_are_those_that_unihan_knows():
    assert "17.0.0" in {version for name, version, _ in sources() if name == "Unihan"}
    assert codes(*IDEOGRAPHS) == {code for (code,) in rows("SELECT code FROM character")}


@pytest.mark.parametrize(
    "code",
    [0x2B73F, 0x2B81D, 0x2CEAD, 0x2EBF0, 0x2EE5D, 0x31350, 0x323AF, 0x323B0, 0x33479, 0xFA0E, 0x9FFF],
    ids=hex,
)
def test_extensions_and_late_additions_are_ideographs(code):
    assert within(code, UNIFIED)


@pytest.mark.parametrize("code", [0x2A6E0, 0x2B81E, 0x2CEAE, 0x2EE5E, 0x3347A, 0x2FA1E, 0xFADA, 0x2E9A])
def test_what_unicode_has_not_assigned_is_none(code):
    assert not within(code, HAN)


def test_pages_mark_the_same():
    """Their scripts have the ranges once more, since a browser's own may be older."""
    written = re.search(r"RANGES = \[(.*?)\]", SCRIPT.read_text(), re.DOTALL)[1].replace("\\\\", "\\")
    found = re.findall(r"\\u\{?([0-9A-F]+)\}?(-?)", written)
    pairs, begun = [], None
    for word, more in found:
        code = int(word, 16)
        if more:
            begun = code
        else:
            pairs.append((code if begun is None else begun, code))
            begun = None
    assert codes(*pairs) == codes(*HAN, *DESCRIPTIONS, *SELECTORS)


def test_the_kinds_share_no_codepoint():
    kinds = [codes(*ranges) for ranges in (HAN, DESCRIPTIONS, SELECTORS, PRIVATE)]
    assert len(set().union(*kinds)) == sum(map(len, kinds))
