"""Names of pictures in an export's zip survive wherever it is unpacked."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.file_types import UNKNOWN, Kind, read_types
from webapp.datasets.exports.sources.image_names import ImageNames

PNG, JPEG = read_types(Kind.PICTURE)[:2]
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@pytest.mark.parametrize(
    ("original", "found", "name"),
    [
        ("0.png", PNG, "0.png"),
        ("trang/字.png", PNG, "字.png"),
        ("a\\b\\字.PNG", PNG, "字.png"),
        ("a.jpeg", JPEG, "a.jpeg"),
        ("a.png", JPEG, "a.jpg"),
        ("scan.txt", PNG, "scan.txt.png"),
        ("1.5", PNG, "1.5.png"),
        ("no ending", PNG, "no ending.png"),
        ('a<b>:"|?*.png', PNG, "a_b______.png"),
        ("con.png", PNG, "_con.png"),
        ("LPT1.old.png", PNG, "_LPT1.old.png"),
        ("ends. .png", PNG, "ends.png"),
        ("...png", PNG, "picture.png"),
        ("", PNG, "picture.png"),
        ("a\x07b.png", PNG, "a_b.png"),
        ("odd.xyz", UNKNOWN, "odd.xyz"),
        ("odd." + "x" * 400, UNKNOWN, "odd." + "x" * 116),
    ],
)
def test_a_name_stays_as_near_as_it_may(original, found, name):
    assert ImageNames().name(original, found, key=7) == name


def test_names_that_some_system_takes_for_one_are_reported_apart():
    names = ImageNames()
    given_out = [
        names.name(original, PNG, key=key)
        for key, original in enumerate(["a/x.png", "b/x.png", "X.PNG", "é.png", "e\u0301.png", "x~1.png"])
    ]
    assert given_out == ["x.png", "x~1.png", "X~2.png", "é.png", "e\u0301~4.png", "x~1~5.png"]


originals = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300)
short = st.text(alphabet="aA<.: é\u0301字/~1x", max_size=4)


@given(st.lists(st.one_of(short, originals), max_size=12), st.sampled_from([PNG, JPEG, UNKNOWN]))
def test_whatever_the_names_they_are_safe_and_unique(found, kind):
    names = ImageNames()
    given_out = [names.name(original, kind, key=key) for key, original in enumerate(found)]
    folded = {unicodedata.normalize("NFC", name).casefold() for name in given_out}
    assert len(folded) == len(found)
    for name in given_out:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert name == name.strip(" .")
        assert len(name.encode()) <= 255
        assert len(name.encode("utf-16-le")) // 2 <= 160
        assert not _DEVICE.fullmatch(name.split(".")[0])
