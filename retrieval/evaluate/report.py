"""What an evaluation found, for people and for machines."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retrieval.evaluate.metrics import Interval, Scores
from retrieval.evaluate.prepare import Failure

_SHOWN = 20
_KIND = "queries of kind"


@dataclass(frozen=True)
class QueryResult:
    """One query: rank of its first right item (0 = none in five), what was found, what was right; and the
    rank of the first item of its character, where the set says which those are.
    """

    query: str
    kind: str
    rank: int
    found: tuple[str, ...]
    distances: tuple[float, ...]
    relevant: tuple[str, ...]
    rank_of_character: int | None = None


@dataclass(frozen=True)
class Report:
    """An evaluation of one method on one set.

    about: what identifies the method (model name, fingerprint). items: how many were in the gallery.
    all, by_kind: scores over the labelled queries; one that could not be read counts as not found.
    character, character_by_kind: the same where any item of the right character counts; None and empty for
    a set that does not tell them from the very carving.
    bad_items, bad_queries: files that could not be read. unlabelled: queries nothing is known of.
    seconds: how long the gallery and the queries took.
    """

    set_name: str
    method: str
    about: Mapping[str, object]
    items: int
    all: Scores
    by_kind: Mapping[str, Scores]
    bad_items: tuple[Failure, ...]
    bad_queries: tuple[Failure, ...]
    unlabelled: tuple[str, ...]
    seconds: Mapping[str, float]
    queries: Sequence[QueryResult]
    character: Scores | None = None
    character_by_kind: Mapping[str, Scores] = field(default_factory=dict)

    def as_json(self) -> dict:
        """Everything, as what json.dumps takes."""
        return dataclasses.asdict(self)

    def as_text(self) -> str:
        """A table for a terminal."""
        about = "".join(f", {key.replace('_', ' ')} {value}" for key, value in self.about.items())
        counts = f"{self.items} items, {self.all.queries} queries"
        lines = [
            f"{self.set_name}: {counts}; method {self.method}{about}",
            "",
            *_table("the very carving, queries of kind" if self.character else _KIND, self.all, self.by_kind),
        ]
        if self.character:
            lines += ["", *_table("its character, queries of kind", self.character, self.character_by_kind)]
        lines += ["", "Means over queries, with 95 % bootstrap intervals."]
        lines += _left_out(self.bad_items, "items could not be read and were left out")
        lines += _left_out(self.bad_queries, "queries could not be read and count as not found")
        if self.unlabelled:
            lines.append(f"{len(self.unlabelled)} queries have no label and were left out.")
        lines.append("Seconds: " + ", ".join(f"{name} {value:.1f}" for name, value in self.seconds.items()))
        return "\n".join(lines) + "\n"


def _table(title: str, whole: Scores, by_kind: Mapping[str, Scores]) -> list[str]:
    named = {"all": whole, **by_kind}
    width = max(map(len, (*named, title)))
    head = f"{title:<{width}}  {'queries':>7}  {'MRR@5':<20}  {'recall@1':<20}  recall@5"
    return [head] + [
        f"{name:<{width}}  {score.queries:>7}  {_cell(score.mrr_at_5)}  {_cell(score.recall_at_1)}"
        f"  {_cell(score.recall_at_5)}"
        for name, score in named.items()
    ]


def _cell(interval: Interval) -> str:
    return f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _left_out(failures: Sequence[Failure], words: str) -> list[str]:
    if not failures:
        return []
    lines = [f"{len(failures)} {words}:"] + [f"  {failure.reason}" for failure in failures[:_SHOWN]]
    return [*lines, f"  and {len(failures) - _SHOWN} more"] if len(failures) > _SHOWN else lines
