"""A candidate and the live model, asked the same labelled queries about the same gallery."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from retrieval.embed import Embedder
from retrieval.embed.confidence import calibration_error
from retrieval.errors import BadImage
from retrieval.evaluate.corrected import LEAST_BLIND, corrected_mean, leaning
from retrieval.evaluate.metrics import DEPTH, Interval, scores_of
from retrieval.evaluate.paired import paired_gain
from retrieval.index import ExactIndex
from retrieval.io.images import read_image
from webapp.core.blobs import blob_path
from webapp.core.errors import Refused
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import read_entries
from webapp.datasets.snapshots.manifest import Label
from webapp.datasets.snapshots.splits import TEST, TRAIN, side_of
from webapp.gallery.models import Item, ItemVector
from webapp.registry.models import ModelVersion
from webapp.review.models import Gold
from webapp.training.models import Evaluation, Finished
from webapp.training.services import evaluation_finish
from webapp.training.slices import KINDS, SELDOM
from workers.live.vectors import read_vectors
from workers.live.weights import check_weights, load_embedder
from workers.runtime.runner import Progress
from workers.tasks.reindex import embed_missing

_TOGETHER = 64
_ASKED_FOR = 4 * DEPTH
_SHOWN = 60


@dataclass(frozen=True)
class Asked:
    """A labelled query of the test side. items: ids of those that it matches. slices: what it belongs to."""

    query_id: int
    name: str
    sha256: str
    items: frozenset[int]
    slices: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """What one model found. ranks: (N,) of the first right item, 0 = none in five. items: (N, 5) ids, 0 for
    none. sure: (N, 5) confidences in [0, 1]."""

    ranks: np.ndarray
    items: np.ndarray
    sure: np.ndarray


def model_evaluate(payload: dict, progress: Progress) -> None:
    """Measure ``payload["evaluation"]``.

    Raises:
        Refused: the snapshot's test side has no query whose match is in the gallery.
        BadSnapshot: the snapshot's files are not what was frozen.
    """
    evaluation = (
        Evaluation.objects.select_related("candidate", "live", "snapshot")
        .filter(pk=payload["evaluation"], state=Finished.WAITING)
        .first()
    )
    if evaluation is None:
        return
    check_weights(evaluation.candidate)
    for model in (evaluation.live, evaluation.candidate):
        embed_missing(model, progress)
    asked, pictures = _readable(_test_side(evaluation.snapshot, evaluation.split))
    if not asked:
        raise Refused(
            f"the test side of {evaluation.snapshot} has no query whose match is in the gallery",
            hint="label more queries, freeze another snapshot, and evaluate on that",
            code="nothing_to_ask",
        )
    answers = [
        _answers(model, asked, pictures, progress) for model in (evaluation.live, evaluation.candidate)
    ]
    results = compare(asked, *answers)
    with progress.writing():
        evaluation_finish(evaluation=evaluation, results=results)


def compare(asked: list[Asked], live: Answers, candidate: Answers) -> dict:
    """Everything that is shown of two models' answers to the same queries, as JSON can hold it."""
    old, new = _worth(live.ranks), _worth(candidate.ranks)
    names = sorted({name for one in asked for name in one.slices})
    return {
        "queries": len(asked),
        "live": _measured(asked, live),
        "candidate": _measured(asked, candidate),
        "gain": {
            "mrr_at_5": _interval(paired_gain(old, new)),
            "recall_at_1": _interval(paired_gain(live.ranks == 1, candidate.ranks == 1)),
            "recall_at_5": _interval(paired_gain(live.ranks > 0, candidate.ranks > 0)),
        },
        "corrected": _corrected(asked, live, candidate),
        "slices": [_slice(name, asked, old, new) for name in names],
        "won": _changed(asked, live, candidate, new > old),
        "lost": _changed(asked, live, candidate, new < old),
    }


def _corrected(asked: list[Asked], live: Answers, candidate: Answers) -> dict:
    """What both score by labels that no ranking led; only how many are blind, where those are too few."""
    blind = np.array(["blind" in one.slices for one in asked])
    told: dict = {"blind": int(blind.sum()), "least": LEAST_BLIND}
    if told["blind"] < LEAST_BLIND:
        return told
    kinds = [" ".join(sorted(KINDS.intersection(one.slices))) for one in asked]
    for name, worth in _WORTHS.items():
        old, new = worth(live.ranks), worth(candidate.ranks)
        told[name] = {
            "live": _interval(corrected_mean(old, blind, kinds)),
            "candidate": _interval(corrected_mean(new, blind, kinds)),
            "gain": _interval(corrected_mean(new - old, blind, kinds)),
        }
    if not blind.all():
        told["leaning"] = {
            "live": _interval(leaning(_worth(live.ranks), blind)),
            "candidate": _interval(leaning(_worth(candidate.ranks), blind)),
        }
    return told


def _test_side(snapshot: Snapshot, split: str) -> list[Asked]:
    """The test side's matches whose items are in the gallery, each picture once."""
    items = dict(Item.objects.filter(state=Item.State.READY).values_list("sha256", "pk"))
    gold = set(Gold.objects.values_list("pk", flat=True))
    entries = read_entries(snapshot.number, snapshot.digest, snapshot.origins)
    learned: Counter[str] = Counter()
    found: dict[str, tuple[Label, dict]] = {}
    for label, origin in entries:
        side = side_of(label, split)
        if side == TRAIN:
            learned.update({match.character for match in label.matches})
        if side == TEST and any(match.item in items for match in label.matches):
            found.setdefault(label.query, (label, origin))
    return [
        Asked(
            query_id=origin["query_id"],
            name=origin["name"],
            sha256=label.query,
            items=frozenset(items[match.item] for match in label.matches if match.item in items),
            slices=tuple(_slices(label, origin, learned, origin["query_id"] in gold)),
        )
        for label, origin in found.values()
    ]


def _slices(label: Label, origin: dict, learned: Counter, gold: bool) -> Iterable[str]:
    """What a query is counted under: names of ``webapp.training.slices``.

    learned: how often each character is labelled on the training side. gold: whether its answer is known.
    """
    characters = {match.character for match in label.matches} - {""}
    if characters:
        yield "beyond_bmp" if any(ord(one[0]) > 0xFFFF for one in characters) else "in_bmp"
        often = max(learned[one] for one in characters)
        yield "never" if not often else "seldom" if often <= SELDOM else "often"
    else:
        yield "unknown"
    told = next(one for one in origin["decisions"] if one["id"] == origin["label"])
    if told["release"] is not None:  # what was said elsewhere was said before no ranking of ours
        yield "blind" if told["blind"] else "seen"
    if gold:
        yield "gold"
    if label.matches[0].relation:
        yield label.matches[0].relation


def _readable(asked: list[Asked]) -> tuple[list[Asked], list[np.ndarray]]:
    """Those whose pictures are there and can be read, and the pictures, (H, W) uint8."""
    kept, pictures = [], []
    for one in asked:
        try:
            pictures.append(read_image(blob_path(one.sha256).read_bytes(), name=one.name))
        except (FileNotFoundError, BadImage):
            continue
        kept.append(one)
    return kept, pictures


def _answers(
    model: ModelVersion, asked: list[Asked], pictures: list[np.ndarray], progress: Progress
) -> Answers:
    """Ask a model everything, by exact search over all its vectors."""
    embedder: Embedder = load_embedder(model)
    ids, vectors = read_vectors(model)
    owner = dict(
        ItemVector.objects.filter(model=model, item__state=Item.State.READY).values_list("pk", "item")
    )
    index = ExactIndex(vectors, ids)
    items = np.zeros((len(asked), DEPTH), np.int64)
    distances = np.full((len(asked), DEPTH), np.inf, np.float32)
    for start in range(0, len(asked), _TOGETHER):
        hits = index.search(embedder.embed_prints(pictures[start : start + _TOGETHER]), _ASKED_FOR)
        for row, (found, far) in enumerate(zip(hits.ids.tolist(), hits.distances.tolist(), strict=True)):
            best: dict[int, float] = {}
            for pk, distance in zip(found, far, strict=True):
                if pk in owner and len(best) < DEPTH:
                    best.setdefault(owner[pk], distance)
            items[start + row, : len(best)] = list(best)
            distances[start + row, : len(best)] = list(best.values())
        progress.report(min(start + _TOGETHER, len(asked)), len(asked))
    right = np.array(
        [[item in one.items for item in row] for one, row in zip(asked, items.tolist(), strict=True)]
    )
    ranks = np.where(right.any(axis=1), right.argmax(axis=1) + 1, 0)
    return Answers(ranks, items, embedder.confidence(distances))


def _measured(asked: list[Asked], answers: Answers) -> dict:
    scores = scores_of(answers.ranks)
    return {
        "mrr_at_5": _interval(scores.mrr_at_5),
        "recall_at_1": _interval(scores.recall_at_1),
        "recall_at_5": _interval(scores.recall_at_5),
        "calibration_error": round(calibration_error(answers.sure[:, 0], answers.ranks == 1), 4),
    }


def _slice(name: str, asked: list[Asked], old: np.ndarray, new: np.ndarray) -> dict:
    among = np.array([name in one.slices for one in asked])
    return {
        "name": name,
        "queries": int(among.sum()),
        "live": round(float(old[among].mean()), 4),
        "candidate": round(float(new[among].mean()), 4),
        "gain": _interval(paired_gain(old[among], new[among])),
    }


def _changed(asked: list[Asked], live: Answers, candidate: Answers, among: np.ndarray) -> list[dict]:
    """The first of the queries that were won or lost, those that changed most first."""
    size = np.abs(_worth(candidate.ranks) - _worth(live.ranks))
    order = [place for place in np.argsort(-size, kind="stable").tolist() if among[place]]
    return [
        {
            "query_id": asked[place].query_id,
            "name": asked[place].name,
            "items": sorted(asked[place].items),
            "live_rank": int(live.ranks[place]),
            "candidate_rank": int(candidate.ranks[place]),
            "live_first": int(live.items[place, 0]),
            "candidate_first": int(candidate.items[place, 0]),
        }
        for place in order[:_SHOWN]
    ]


def _worth(ranks: np.ndarray) -> np.ndarray:
    """Each query's part in MRR@5."""
    return np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0)


_WORTHS = {
    "mrr_at_5": _worth,
    "recall_at_1": lambda ranks: (ranks == 1).astype(float),
    "recall_at_5": lambda ranks: (ranks > 0).astype(float),
}


def _interval(interval: Interval) -> dict[str, float]:
    return {"mean": round(interval.mean, 4), "low": round(interval.low, 4), "high": round(interval.high, 4)}
