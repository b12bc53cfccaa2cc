"""What changed from one snapshot to another."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from webapp.datasets.snapshots.manifest import Label

_SHOWN = 200


@dataclass(frozen=True)
class Change:
    """One picture's labels. before, after: empty where there were, or are, none."""

    query: str
    before: tuple[Label, ...]
    after: tuple[Label, ...]

    @property
    def kind(self) -> str:
        """ "added", "removed" or "changed"."""
        return "added" if not self.before else "removed" if not self.after else "changed"


@dataclass
class Difference:
    """added, removed, changed: numbers of pictures; same: of those whose labels are the same.

    first: the first changes, 200 at most.
    """

    added: int = 0
    removed: int = 0
    changed: int = 0
    same: int = 0
    first: list[Change] = field(default_factory=list)


def difference(before: Iterable[Label], after: Iterable[Label]) -> Difference:
    """How ``after`` differs from ``before``; both in the order of a manifest. Neither is kept in memory."""
    result = Difference()
    for query, old, new in _together(before, after):
        if Counter(old) == Counter(new):
            result.same += 1
            continue
        change = Change(query, tuple(old), tuple(new))
        setattr(result, change.kind, getattr(result, change.kind) + 1)
        if len(result.first) < _SHOWN:
            result.first.append(change)
    return result


def _together(
    before: Iterable[Label], after: Iterable[Label]
) -> Iterator[tuple[str, list[Label], list[Label]]]:
    """Each picture once, in order, with its labels on both sides."""
    lefts, rights = _by_picture(before), _by_picture(after)
    left, right = next(lefts, None), next(rights, None)
    while left or right:
        query = min(side[0] for side in (left, right) if side)
        old: list[Label] = []
        new: list[Label] = []
        if left and left[0] == query:
            old, left = left[1], next(lefts, None)
        if right and right[0] == query:
            new, right = right[1], next(rights, None)
        yield query, old, new


def _by_picture(labels: Iterable[Label]) -> Iterator[tuple[str, list[Label]]]:
    return ((query, list(same)) for query, same in groupby(labels, key=lambda label: label.query))
