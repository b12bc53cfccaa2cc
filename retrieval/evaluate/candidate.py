"""`python -m retrieval candidate`: a model beside the live one, on a labelled set."""

import argparse
import json
import logging
import os
from pathlib import Path

import numpy as np

from common.publish import write_aside
from retrieval.embed import Embedder
from retrieval.errors import BadSet
from retrieval.evaluate.answers import LabelledQuery, ModelAnswers, answer_queries
from retrieval.evaluate.comparison import compare
from retrieval.evaluate.prepare import prepare_heights
from retrieval.index.views import reading_views
from retrieval.io.images import read_image
from retrieval.io.sets import BenchSet, read_set
from retrieval.models import shipped_weights
from retrieval.rank import ArrayGallery, Reading
from retrieval.register import item_form

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("set", metavar="SET", type=Path, help="folder (or zip) of a labelled set")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE", help="the candidate")
    parser.add_argument("--live", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="where to write all of it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read meshes")


def run(args: argparse.Namespace) -> int:
    """Score both, and the candidate's gain. Raises BadSet, BadModel, BadImage."""
    bench = read_set(args.set)
    prepared = [
        one for one in prepare_heights(bench.items, bench.read_item, jobs=args.jobs) if not one.failure
    ]
    if not prepared:
        raise BadSet(f"not one item of {bench.name} can be read")
    ids = {one.name: number for number, one in enumerate(prepared, start=1)}
    queries = labelled_queries(bench, ids)
    pictures = [read_image(bench.read_query(query.name), name=query.name) for query in queries]
    heights = [one.height for one in prepared if one.height is not None]
    live, candidate = (
        _answers(Embedder.load(path), heights, queries, pictures) for path in (args.live, args.weights)
    )
    results = compare(queries, live, candidate)
    with write_aside(args.json) as aside:
        aside.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, gain in results["gain"].items():
        log.info("%s %+.4f [%+.4f, %+.4f]", name, gain["mean"], gain["low"], gain["high"])
    return 0


def labelled_queries(bench: BenchSet, ids: dict[str, int]) -> list[LabelledQuery]:
    """The set's queries with a right item that can be read. ids: of those items, by their names."""
    found = []
    for number, query in enumerate(bench.queries, start=1):
        right = frozenset(ids[one] for one in bench.labels[query] if one in ids)
        kinds = (bench.kinds[query],) if query in bench.kinds else ()
        same = frozenset(ids[one] for one in bench.same.get(query, ()) if one in ids)
        if right:
            carvings = right if same else frozenset()
            found.append(LabelledQuery(number, query, right, kinds, carvings=carvings, character=same))
    return found


def _answers(
    embedder: Embedder, heights: list[np.ndarray], queries: list[LabelledQuery], pictures: list[np.ndarray]
) -> ModelAnswers:
    views = reading_views(embedder.embed_turned(heights))
    readings = [Reading(1 + view.row, view.mirrored, turn=view.turn) for view in views]
    forms = {number: item_form(height) for number, height in enumerate(heights, start=1)}
    gallery = ArrayGallery(np.stack([view.vector for view in views]), readings, forms=forms)
    return answer_queries(embedder, gallery, queries, pictures)
