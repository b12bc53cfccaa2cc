"""A label's line: the same label, the same bytes; and characters exactly as they were given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.datasets.snapshots.manifest import BadSnapshot, Label, Match

# A compatibility ideograph and its unified one, a variation sequence, one beyond the BMP, a private one.
EXACT = ["\uf914", "樂", "葛\U000e0100", "葛", "𠄎", "\U000f1234", "\U0002f800"]

digests = st.integers(0, 3).map(lambda number: f"{number:064x}")
matches = st.builds(Match, digests, st.sampled_from(["", *EXACT]), st.sampled_from(["", "variant"]))
labels = st.builds(Label, digests, st.just("match"), st.lists(matches, max_size=3).map(tuple))


@given(labels)
def test_a_line_is_read_as_it_was_written(label):
    again = Label.from_line(label.line())
    assert again.line() == label.line()
    assert set(again.matches) == set(label.matches)


@given(labels)
def test_the_order_of_the_matches_says_nothing(label):
    turned = Label(label.query, label.verdict, tuple(reversed(label.matches)), label.reason)
    assert turned.line() == label.line()


def test_no_two_characters_are_one():
    lines = {Label("0" * 64, "match", (Match("1" * 64, character),)).line() for character in EXACT}
    assert len(lines) == len(EXACT)
    for line in lines:
        assert Label.from_line(line).matches[0].character in EXACT


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '{"query":"a"}', '{"matches":[1],"query":"a"}'])
def test_what_is_no_label_is_refused(line):
    with pytest.raises(BadSnapshot):
        Label.from_line(line)
