"""The difference of two snapshots, against a slow twin that holds them both."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from webapp.datasets.snapshots.difference import difference
from webapp.datasets.snapshots.manifest import Label, Match


def in_order(labels):
    return sorted(labels, key=lambda label: (label.query, label.line()))


labels = st.builds(
    lambda query, item: Label(f"{query:064x}", "match", (Match(f"{item:064x}"),)),
    st.integers(0, 12),
    st.integers(0, 3),
)
sets = st.lists(labels, max_size=30).map(in_order)


def slow_twin(before, after):
    result = Counter()
    for query in {label.query for label in [*before, *after]}:
        old = Counter(label.line() for label in before if label.query == query)
        new = Counter(label.line() for label in after if label.query == query)
        result["same" if old == new else "changed" if old and new else "added" if new else "removed"] += 1
    return result


@given(sets, sets)
def test_it_is_the_slow_twins(before, after):
    result = difference(iter(before), iter(after))
    assert Counter(
        {"added": result.added, "removed": result.removed, "changed": result.changed, "same": result.same}
    ) == slow_twin(before, after)
    assert len(result.first) == result.added + result.removed + result.changed


def test_what_changed_is_reported():
    one, other = (Label("a" * 64, "match", (Match(item * 64),)) for item in "bc")
    (change,) = difference([one], [other]).first
    assert (change.kind, change.before, change.after) == ("changed", (one,), (other,))
