"""Numbers, polygons and strips, each beside its slow twin."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.file_heads import utf8_of
from retrieval.errors import BadMesh
from retrieval.io.mesh_parts.numbers import number_rows
from retrieval.io.mesh_parts.polygons import fan_positions, strip_triangles

WORDS = st.one_of(
    st.floats(-1e290, 1e290).map(repr),
    st.floats(-1e6, 1e6).map("{:+.6E}".format),
    st.floats(-1e6, 1e6).map("{:.3f}".format),
    st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(
        [
            "1.",
            ".5",
            "-.5e1",
            "+0",
            "-0",
            "00012",
            "1e400",
            "1e-400",
            "0.000000000000000000000001",
            "1.0273829048885158e-297",
        ]
    ),
)
GAPS = st.sampled_from([" ", "\t ", "\n", "\r", "\r\n", " \n\n ", " # 7 words\r", "#\n", " \x0b"])


@example([("1.", "#\n")])
@given(st.lists(st.tuples(WORDS, GAPS), max_size=30))
def test_numbers_are_those_that_python_reads(pairs):
    text = "".join(word + gap for word, gap in pairs)
    found = number_rows(text.encode(), name="x")
    lines = [
        line.split("#")[0].split() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    rows = [(number, [float(word) for word in words]) for number, words in enumerate(lines, 1) if words]
    assert found.lines.tolist() == [number for number, _ in rows]
    assert np.diff(found.starts).tolist() == [len(words) for _, words in rows]
    expected = [word for _, words in rows for word in words]
    np.testing.assert_allclose(found.values, expected, rtol=1e-15, atol=1e-300)


@pytest.mark.parametrize(
    "word", ["nan", "NaN", "-nan(ind)", "1.#IND", "-1.#QNAN", "inf", "-Infinity", "1.#INF00"]
)
def test_what_is_not_finite_is_no_number_and_no_fault(word):
    found = number_rows(f"1 {word} 2\n3 # x".encode(), name="x")
    np.testing.assert_array_equal(found.values, [1, np.nan, 2, 3])


@pytest.mark.parametrize(
    "word", ["x", "1x", "1e", "1e+", "--1", "-", "+", ".", "1.2.3", "0x10", "1_000", "1/2", "字"]
)
def test_a_word_is_refused_with_its_line(word):
    with pytest.raises(BadMesh, match=r"x\.off: line 12: '") as caught:
        number_rows(f"1 2\r\n# 3\r\n4 {word} 5\n6".encode(), name="x.off", first_line=10)
    assert caught.value.code == "mesh_unreadable"


def test_a_decimal_comma_has_a_remedy_of_its_own():
    with pytest.raises(BadMesh, match="line 2: 1,5 has a decimal comma") as caught:
        number_rows(b"1 2\n1,5 3", name="x.off")
    assert caught.value.code == "mesh_decimal_comma"
    assert "decimal points" in caught.value.hint


def test_corners_count_up_to_the_first_slash():
    found = number_rows(b"1/2/3 -4//5 6\n7/8 9", name="x", corners=True)
    assert found.values.tolist() == [1, -4, 6, 7, 9]


@given(st.lists(st.integers(0, 7), max_size=20), st.integers(1, 3))
def test_fans_are_those_made_one_by_one(sizes, gap):
    starts = np.cumsum([0, *(size + gap for size in sizes)])[:-1]
    pairs = zip(starts.tolist(), sizes, strict=True)
    expected = [[start, start + k, start + k + 1] for start, size in pairs for k in range(1, size - 1)]
    assert fan_positions(starts, np.array(sizes, int)).tolist() == expected


@given(st.lists(st.integers(-1, 5), max_size=40))
def test_strips_are_those_made_one_by_one(corners):
    expected = []
    strip: list[int] = []
    for corner in corners:
        strip = [*strip, corner] if corner >= 0 else []
        if len(strip) >= 3:
            a, b, c = strip[-3:]
            if len({a, b, c}) == 3:
                expected.append([a, b, c] if len(strip) % 2 else [b, a, c])
    assert strip_triangles(np.array(corners, int)).tolist() == expected


@given(st.text(max_size=40).filter(lambda text: text[:1] != "\0"))  # the marks of 16 and 32 differ by it
def test_a_text_is_the_same_in_utf_8_16_and_32(text):
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert utf8_of(text.encode(encoding, "surrogatepass")).decode("utf-8", "replace") == text
    plain = "ply format " + text
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "utf-8"):
        assert utf8_of(plain.encode(encoding)).decode() == plain


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"glTF\2\0\0\0", b"\0" * 50, b"o\0n", b"ply\n\0\0\0\0"])
def test_what_is_no_text_in_utf_16_is_left_as_it_is(data):
    assert utf8_of(data) == (b"" if data == b"\xff\xfe" else data)
