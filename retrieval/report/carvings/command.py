"""`python -m retrieval carvings`: how often the very carving comes first, among 1, 2, 8 and 40."""

import argparse
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from common.publish import write_aside
from retrieval.embed import Embedder
from retrieval.evaluate.metrics import rank_of_first, scores_of
from retrieval.evaluate.prepare import prepare_heights
from retrieval.index.views import is_mirrored
from retrieval.io.images import read_image
from retrieval.io.sets import BenchSet, read_set
from retrieval.models import shipped_weights
from retrieval.rank import ArrayGallery, RankedPrint, Ranker, Reading
from retrieval.register import item_form, print_form, read_item_form
from retrieval.report.carvings.hand_set import HandSet, hand_set
from retrieval.report.carvings.pair_sheet import pair_sheet
from retrieval.report.carvings.proposals import Proposed, proposal_scores
from retrieval.report.measure import rounded
from retrieval.report.sheets import save_sheet

log = logging.getLogger(__name__)

SIZES = (1, 2, 8, 40)
_DRAWN = ((24, 8), (6, 40))  # characters, and carvings of each
_SEED = 21
_SHOWN = 6
_SCORES = ("first", "both", "character_first", "character_both")
_PROPOSED = ("same_precision", "same_recall", "other_precision", "other_recall")


@dataclass(frozen=True)
class Outcome:
    """One print's. ranks: of the very carving and of its character, by one and by both stages.

    present, absent: what was proposed where its carving was in the gallery, and where it was not.
    """

    ranks: tuple[int, ...]
    present: Proposed
    absent: Proposed


@dataclass(frozen=True)
class EmbeddedHands:
    """A hand set, its vectors and forms. items, prints: (N, D) and (Q, D) float32."""

    hands: HandSet
    items: np.ndarray
    prints: np.ndarray
    forms: dict[int, bytes]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("sets", type=Path, nargs="*", metavar="SET", help="labelled sets with same.csv")
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--folder", type=Path, default=Path("build/carvings"), help="cache of drawn hands")
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--json", type=Path, default=Path("docs/results/carvings.json"), help="the numbers")
    parser.add_argument(
        "--picture", type=Path, default=Path("docs/pictures/retrieval/carvings.webp"), help="registered pairs"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read meshes")


def run(args: argparse.Namespace) -> int:
    """Measure and write. Raises BadInput, BadSet, BadModel."""
    embedder, found = Embedder.load(args.weights, "cpu"), {}
    for path in args.sets:
        bench = read_set(path)
        found[bench.name] = _measured(_embedded_hands(_of_bench(bench, args.jobs), embedder), embedder)
    for characters, each in _DRAWN:
        drawn = hand_set(args.folder, args.fonts, characters=characters, each=each, seed=_SEED + each)
        embedded = _embedded_hands(drawn, embedder)
        found[f"drawn, {characters} characters"] = _measured(embedded, embedder)
        if each == min(each for _, each in _DRAWN):
            save_sheet(_pairs(embedded, embedder), args.picture)
    text = json.dumps(rounded({"model": embedder.fingerprint, "sets": found}), indent=1)
    args.json.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(args.json) as aside:
        aside.write_text(text + "\n", encoding="utf-8")
    log.info("wrote %s and %s\n%s", args.json, args.picture, table(json.loads(text)["sets"]))
    return 0


def table(sets: dict) -> str:
    """The numbers as a table in Markdown."""
    lines = [
        "| set | carvings | prints | count | very carving, embedding | both stages "
        "| character, embedding | both stages "
        "| same carving, precision | recall | another block, precision | recall |",
        "| --- " * 12 + "|",
    ]
    for name, sizes in sets.items():
        for size, kinds in sizes.items():
            for kind, one in kinds.items():
                numbers = [f"{one[key]:.3f}" for key in _SCORES]
                proposed = ["" if one[key] is None else f"{one[key]:.3f}" for key in _PROPOSED]
                lines.append(
                    f"| {name} | {size} | {kind} | {one['queries']} | {numbers[0]} | **{numbers[1]}** | "
                    + " | ".join([*numbers[2:], *proposed])
                    + " |"
                )
    return "\n".join(lines)


def _of_bench(bench: BenchSet, jobs: int) -> HandSet:
    """A set as it would be drawn; meshes that cannot be read are left out. Raises BadSet, BadImage."""
    read = [one for one in prepare_heights(bench.items, bench.read_item, jobs=jobs) if one.height is not None]
    place = {one.name: number for number, one in enumerate(read)}
    groups: dict[frozenset[str], int] = {}
    numbers = np.full(len(read), -1)
    for query in bench.queries:
        names = bench.same.get(query, bench.labels[query])
        number = groups.setdefault(names, len(groups))
        numbers[[place[name] for name in names if name in place]] = number
    queries = [query for query in bench.queries if min(bench.labels[query]) in place]
    return HandSet(
        np.array([one.height for one in read], np.float16),
        numbers,
        [read_image(bench.read_query(query), name=query) for query in queries],
        np.array([place[min(bench.labels[query])] for query in queries]),
        np.array([bench.kinds.get(query, "all") for query in queries]),
    )


def _embedded_hands(hands: HandSet, embedder: Embedder) -> EmbeddedHands:
    """Embed everything, each item the way round that the model takes it."""
    heights = [np.ascontiguousarray(one, np.float32) for one in hands.heights]
    vectors = embedder.embed_heights(heights)
    flipped = [is_mirrored(one) for one in vectors.mirrored_probability]
    items = np.where(np.array(flipped)[:, None], vectors.mirrored, vectors.seen)
    forms = {
        place: item_form(np.ascontiguousarray(one[:, ::-1]) if over else one)
        for place, (one, over) in enumerate(zip(heights, flipped, strict=True))
    }
    return EmbeddedHands(hands, items, embedder.embed_queries(hands.pictures), forms)


def _measured(embedded: EmbeddedHands, embedder: Embedder) -> dict:
    """By carvings of a character, then by kind of print."""
    each = int(np.bincount(embedded.hands.characters[embedded.hands.characters >= 0]).max())
    return {str(size): _at_size(embedded, embedder, size) for size in SIZES if size <= each}


def _at_size(embedded: EmbeddedHands, embedder: Embedder, size: int) -> dict:
    """Each print asked of a gallery in which its character has so many carvings, its own among them."""
    rows: dict[str, list[Outcome]] = {}
    for place, kind in enumerate(embedded.hands.kinds.tolist()):
        rows.setdefault(kind, []).append(_one(embedded, embedder, size, place))
    return {kind: _scores(rows[kind]) for kind in sorted(rows)}


def _gallery(
    embedded: EmbeddedHands, embedder: Embedder, size: int, right: int, *, absent: bool = False
) -> Ranker:
    """The first so many carvings of every character, with this one among them, or without it."""
    own = embedded.hands.characters == embedded.hands.characters[right]
    kept = []
    for number in np.unique(embedded.hands.characters).tolist():
        places = np.flatnonzero(embedded.hands.characters == number)
        if own[places[0]]:
            places = np.concatenate([[] if absent else [right], places[places != right]]).astype(int)
        kept += places[:size].tolist()
    readings = [Reading(place) for place in kept]
    return Ranker(ArrayGallery(embedded.items[kept], readings, forms=embedded.forms), embedder.confidence)


def _one(embedded: EmbeddedHands, embedder: Embedder, size: int, place: int) -> Outcome:
    """One print, asked of a gallery with its carving and of one without it."""
    vector, right = embedded.prints[place][None], int(embedded.hands.right[place])
    ranker, form = _gallery(embedded, embedder, size, right), print_form(embedded.hands.pictures[place])
    (first,) = ranker.rank(vector)
    (both,) = ranker.rank_prints(vector, [form])
    (without,) = _gallery(embedded, embedder, size, right, absent=True).rank_prints(vector, [form])
    same = set(np.flatnonzero(embedded.hands.characters == embedded.hands.characters[right]).tolist())
    ranks = tuple(
        rank_of_first([one.item for one in row], relevant)
        for relevant in ({right}, same)
        for row in (first, both.items)
    )
    return Outcome(ranks, Proposed.of(both, right), Proposed.of(without, right))


def _scores(rows: Sequence[Outcome]) -> dict:
    ranks = np.array([one.ranks for one in rows])
    return {
        "queries": len(rows),
        **{
            key: asdict(scores_of(ranks[:, column]))["mrr_at_5"]["mean"] for column, key in enumerate(_SCORES)
        },
        **proposal_scores([one.present for one in rows], [one.absent for one in rows]),
    }


def _pairs(embedded: EmbeddedHands, embedder: Embedder) -> np.ndarray:
    """A sheet of prints with their carvings laid over them, those first that were taken for another."""
    found: list[tuple[int, RankedPrint]] = []
    for place in range(len(embedded.hands.pictures)):
        ranker = _gallery(embedded, embedder, SIZES[2], int(embedded.hands.right[place]))
        form = print_form(embedded.hands.pictures[place])
        found += [(place, one) for one in ranker.rank_prints(embedded.prints[place][None], [form])]
    wrong = [one for one in found if one[1].items[0].item != embedded.hands.right[one[0]]]
    good = [one for one in found if one[1].items[0].item == embedded.hands.right[one[0]]]
    return pair_sheet([_row(embedded, *one) for one in _spread(good) + wrong[:_SHOWN]])


def _spread(some: Sequence) -> list:
    return [some[place] for place in np.linspace(0, len(some) - 1, min(_SHOWN, len(some))).astype(int)]


def _row(embedded: EmbeddedHands, place: int, found: RankedPrint) -> tuple:
    """The print, and those of its character's carvings that fit best, each with whether it is right."""
    right = int(embedded.hands.right[place])
    same = embedded.hands.characters[right]
    fits = [one for one in (*found.items, *found.further) if embedded.hands.characters[one.item] == same]
    shown = [one for one in fits if one.registration is not None][:3]
    return embedded.hands.pictures[place], [
        (read_item_form(embedded.forms[one.item]), one.registration, one.item == right) for one in shown
    ]
