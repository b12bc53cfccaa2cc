"""Cells that no spreadsheet runs or changes, and that come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.datasets.cells import plain_text, spreadsheet_text

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.one_of(texts, st.text(alphabet="'=+-01e5.,:/% amp", max_size=8)))
def test_an_escaped_cell_has_one_inverse(text):
    assert plain_text(spreadsheet_text(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-1.png", "'-1.png"),
        ("'=1", "''=1"),
        ("'a", "'a"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("字=1", "字=1"),
        ("＝1", "'＝1"),
    ],
)
def test_what_begins_like_a_formula_is_escaped(text, cell):
    assert spreadsheet_text(text) == cell


@pytest.mark.parametrize(
    "text",
    [
        # numbers that lose something: zeros, digits beyond the fifteenth, a sign, a mark of thousands
        *("0012", "00", "-0", "007.50", "1.10", "1.", ".5", "+84", "1,234", "12 345", "1234567890123456"),
        *("1e5", "1E5", "1.2e-3", "5%", "$5", "€ 5", "5 ₫", "(12)", "１２", "０１", " 12", "12 "),
        # dates and times
        *("1-2", "1/2", "1.2", "1.2.26", "2026-11-25", "25/11/2026", "12:30", "1:2:3", "12:30 PM", "5 a"),
        *("MAR1", "Sept2", "1-Mar", "mar 26", "1 thg 3", "Jan-2026", "2 December 2026", "May 5, 2026"),
        *("9:15 SA", "2026年11月25日", "11月25日", "9时15分", "9時15分"),
        *(
            "令和2年1月1日",
            "平成30年",
            "H30/1/1",
            "R2.1.1",
            "民國100年",
            "下午1:30",
            "午後3時",
            "1'000",
            "−5",
        ),
        # truths and errors
        *("TRUE", "false", "True", "#N/A", "#REF!"),
    ],
)
def test_what_a_spreadsheet_would_change_is_escaped(text):
    assert spreadsheet_text(text) == f"'{text}"
    assert plain_text(f"'{text}") == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "0",
            "7",
            "12",
            "-5",
            "123456789012345",
            "a",
            "字",
            "U+5B57",
            "0.png",
            "page 13",
            "trang 13/2.png",
        ),
        *("trang 13/2.png",),
        *("2026-11-25T09:15:00.000Z", "12; 15", "same_carving", "v1.2", "A4", "March", "march of 13", "x1e5"),
        *("月", "日月", "字12", "月1字", "3f" * 32),
    ],
)
def test_all_else_stays_as_it_is(text):
    assert spreadsheet_text(text) == text
