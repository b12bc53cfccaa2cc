"""Evaluate a method on a benchmark set."""

import time

from retrieval.errors import BadSet
from retrieval.evaluate.methods.by_name import Method
from retrieval.evaluate.metrics import DEPTH, Scores, rank_of_first, scores_of
from retrieval.evaluate.ranking import FilledGallery, Progress, Ranking, fill_gallery, rank_queries
from retrieval.evaluate.report import QueryResult, Report
from retrieval.io.sets import BenchSet

_NO_KIND = "other"


def evaluate(bench: BenchSet, method: Method, *, jobs: int = 0) -> Report:
    r"""Fill an empty gallery, as `open_method` makes it, with a set's items, and score it.

    bench: a labelled set.
    method: an empty gallery.
    jobs: processes that read meshes; 0 for none but this one.

    Raises:
        BadSet: not one item can be read.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import cv2
        >>> import numpy as np
        >>> from retrieval.evaluate.methods.by_name import open_method
        >>> from retrieval.evaluate.run import evaluate
        >>> from retrieval.io.sets import read_set
        >>> folder = Path(tempfile.mkdtemp())
        >>> (folder / "database").mkdir()
        >>> (folder / "queries").mkdir()
        >>> corners = "-1 -1 0  1 -1 0  1 1 0  -1 1 0  0 0 1"
        >>> sides = "3 0 1 4  3 1 2 4  3 2 3 4  3 3 0 4  3 2 1 0  3 3 2 0"
        >>> pyramid = "\n".join(["OFF", "5 6 0", *corners.split("  "), *sides.split("  ")])
        >>> _ = (folder / "database" / "block.off").write_text(pyramid)
        >>> _ = (folder / "labels.csv").write_text("query,label\nprint.png,block.off\n")
        >>> cv2.imwrite(str(folder / "queries" / "print.png"), np.full((40, 40), 200, np.uint8))
        True
        >>> report = evaluate(read_set(folder), open_method("hog"))
        >>> report.all.queries, report.all.mrr_at_5.mean  # there is one block to find
        (1, 1.0)
    """
    return score(bench, fill_gallery(method, bench.items, bench.read_item, jobs=jobs))


def score(bench: BenchSet, gallery: FilledGallery, *, progress: Progress | None = None) -> Report:
    """Rank a set's items for each labelled query, and score the rankings.

    gallery: filled with the set's items. progress: called with how many queries came to their end
    since the last call. Raises BadSet where not one item could be read.
    """
    if not gallery.items:
        reason = f"not one item of {bench.name} can be read; the first: {gallery.failures[0].reason}"
        raise BadSet(reason, hint=gallery.failures[0].hint)
    started = time.perf_counter()
    rankings = list(rank_queries(gallery, bench.queries, bench.read_query, DEPTH, progress=progress))
    seconds = {"items": gallery.seconds, "queries": time.perf_counter() - started}
    return _report(bench, gallery, rankings, seconds)


def _report(
    bench: BenchSet, gallery: FilledGallery, rankings: list[Ranking], seconds: dict[str, float]
) -> Report:
    results = [_result(bench, ranking) for ranking in rankings]
    same = [(result.kind, result.rank_of_character or 0) for result in results] if bench.same else []
    return Report(
        set_name=bench.name,
        method=gallery.method.name,
        about=gallery.method.about,
        items=len(gallery.items),
        all=scores_of([result.rank for result in results]),
        by_kind=_by_kind(bench, [(result.kind, result.rank) for result in results]),
        bad_items=gallery.failures,
        bad_queries=tuple(ranking.failure for ranking in rankings if ranking.failure),
        unlabelled=bench.unlabelled,
        seconds=seconds,
        queries=results,
        character=scores_of([rank for _, rank in same]) if same else None,
        character_by_kind=_by_kind(bench, same),
    )


def _by_kind(bench: BenchSet, ranks: list[tuple[str, int]]) -> dict[str, Scores]:
    """The scores of each kind of query, where the set has kinds. ranks: with each query's kind."""
    of_kind: dict[str, list[int]] = {}
    for kind, rank in ranks if bench.kinds else ():
        of_kind.setdefault(kind, []).append(rank)
    return {kind: scores_of(of_kind[kind]) for kind in sorted(of_kind)}


def _result(bench: BenchSet, ranking: Ranking) -> QueryResult:
    relevant = bench.labels[ranking.query]
    return QueryResult(
        query=ranking.query,
        kind=bench.kinds.get(ranking.query) or _NO_KIND,
        rank=rank_of_first(ranking.items, relevant),
        found=ranking.items,
        distances=ranking.distances,
        relevant=tuple(sorted(relevant)),
        rank_of_character=rank_of_first(ranking.items, bench.same[ranking.query]) if bench.same else None,
    )
