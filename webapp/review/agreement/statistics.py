"""How far annotators agree beyond chance, and how sure a share or a mean is.

Written plainly: a batch has some people and some thousand answers, for which no array library is worth
bringing into every process of the web server.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from common.intervals import Z95, wilson_interval


@dataclass(frozen=True)
class Pair:
    """Two people. both: queries that both answered. agreed: of these, answered alike. kappa: Cohen's, in
    [-1, 1]; None where chance alone would make them agree always.
    """

    first: Hashable
    second: Hashable
    both: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True)
class Estimate:
    """A mean of ``count`` values with its 95 % interval; None without any."""

    count: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def cohen_kappa(labels: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two people's labels for the same things, in [-1, 1].

    None without any, and where both gave one and the same label throughout. Cohen, "A coefficient of
    agreement for nominal scales", Educational and Psychological Measurement 20 (1960).
    """
    count = len(labels)
    if not count:
        return None
    observed = sum(first == second for first, second in labels) / count
    firsts, seconds = Counter(first for first, _ in labels), Counter(second for _, second in labels)
    expected = sum(firsts[label] * seconds[label] for label in firsts) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal labels: 1 all agree, 0 as by chance, below 0 worse.

    units: for each thing the labels it got, one a person who gave any; those with fewer than two say
    nothing. None where nothing can be compared, or there is only one label. Krippendorff, "Computing
    Krippendorff's alpha-reliability" (2011).
    """
    totals: Counter[Hashable] = Counter()
    differing = 0.0  # pairs of different labels within a thing, each thing weighted by its labels
    for labels in units:
        size = len(labels)
        if size < 2:
            continue
        counts = Counter(labels)
        totals.update(counts)
        differing += (size**2 - sum(count**2 for count in counts.values())) / (size - 1)
    count = sum(totals.values())
    by_chance = count**2 - sum(total**2 for total in totals.values())
    return 1 - (count - 1) * differing / by_chance if by_chance else None


def pairs(answers: Mapping[str, Mapping[int, Hashable]]) -> list[Pair]:
    """All pairs of people who answered something in common.

    answers: by the person, then by the query, their labels.
    """
    found = []
    for first, second in combinations(answers, 2):
        common = answers[first].keys() & answers[second].keys()
        labels = [(answers[first][query], answers[second][query]) for query in common]
        if labels:
            agreed = sum(one == other for one, other in labels)
            found.append(Pair(first, second, len(labels), agreed, cohen_kappa(labels)))
    return found


def share(hits: int, count: int) -> Estimate:
    """A share with Wilson's 95 % interval, all in [0, 1]."""
    if not count:
        return Estimate(0)
    return Estimate(count, hits / count, *wilson_interval(hits, count))


def mean(values: Sequence[float]) -> Estimate:
    """A mean of values in [0, 1] with its 95 % interval, by the normal approximation; no interval for one."""
    count = len(values)
    if not count:
        return Estimate(0)
    middle = sum(values) / count
    if count == 1:
        return Estimate(1, middle)
    half = Z95 * sqrt(sum((value - middle) ** 2 for value in values) / (count - 1) / count)
    return Estimate(count, middle, max(0.0, middle - half), min(1.0, middle + half))
