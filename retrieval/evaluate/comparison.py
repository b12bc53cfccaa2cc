"""Two models' answers to the same labelled queries, side by side."""

from collections.abc import Sequence

import numpy as np

from retrieval.embed.confidence import calibration_error
from retrieval.evaluate.answers import LabelledQuery, ModelAnswers
from retrieval.evaluate.corrected import LEAST_BLIND, corrected_mean, leaning
from retrieval.evaluate.metrics import Interval, reciprocal_ranks, scores_of
from retrieval.evaluate.paired import paired_gain

_SHOWN = 60


def compare(queries: Sequence[LabelledQuery], live: ModelAnswers, candidate: ModelAnswers) -> dict:
    """Everything that is shown of two models' answers to the same queries, as JSON can hold it.

    Scores with their intervals, the candidate's gain, scores corrected by the blind queries, scores of each
    slice, and the queries that were won and lost. Raises ValueError for no queries.
    """
    old, new = reciprocal_ranks(live.ranks), reciprocal_ranks(candidate.ranks)
    names = sorted({name for one in queries for name in one.slices})
    return {
        "queries": len(queries),
        "live": _measured(live),
        "candidate": _measured(candidate),
        "gain": {
            "mrr_at_5": _interval(paired_gain(old, new)),
            "recall_at_1": _interval(paired_gain(live.ranks == 1, candidate.ranks == 1)),
            "recall_at_5": _interval(paired_gain(live.ranks > 0, candidate.ranks > 0)),
        },
        "corrected": _corrected(queries, live, candidate),
        "carvings": _carvings(live, candidate),
        "slices": [_slice(name, queries, old, new) for name in names],
        "won": _changed(queries, live, candidate, new > old),
        "lost": _changed(queries, live, candidate, new < old),
    }


def _corrected(queries: Sequence[LabelledQuery], live: ModelAnswers, candidate: ModelAnswers) -> dict:
    """What both score by labels that no ranking led; only how many are blind, where those are too few."""
    blind = np.array([one.blind for one in queries])
    found: dict = {"blind": int(blind.sum()), "least": LEAST_BLIND}
    if found["blind"] < LEAST_BLIND:
        return found
    kinds = [one.kind for one in queries]
    for name, scores in _SCORES.items():
        old, new = scores(live.ranks), scores(candidate.ranks)
        found[name] = {
            "live": _interval(corrected_mean(old, blind, kinds)),
            "candidate": _interval(corrected_mean(new, blind, kinds)),
            "gain": _interval(corrected_mean(new - old, blind, kinds)),
        }
    if not blind.all():
        found["leaning"] = {
            "live": _interval(leaning(reciprocal_ranks(live.ranks), blind)),
            "candidate": _interval(leaning(reciprocal_ranks(candidate.ranks), blind)),
        }
    return found


def _carvings(live: ModelAnswers, candidate: ModelAnswers) -> dict | None:
    """MRR@5, by both stages, of the carvings that printed the queries and of their characters.

    None where nobody says what printed a query.
    """
    if live.carvings is None or candidate.carvings is None:
        return None
    known = live.carvings[:, 0] >= 0
    found: dict = {"queries": int(known.sum())}
    for column, name in enumerate(("carving", "character")):
        old, new = live.carvings[known, column], candidate.carvings[known, column]
        found[name] = {
            "live": _interval(scores_of(old).mrr_at_5),
            "candidate": _interval(scores_of(new).mrr_at_5),
            "gain": _interval(paired_gain(reciprocal_ranks(old), reciprocal_ranks(new))),
        }
    return found


def _measured(answers: ModelAnswers) -> dict:
    scores = scores_of(answers.ranks)
    return {
        "mrr_at_5": _interval(scores.mrr_at_5),
        "recall_at_1": _interval(scores.recall_at_1),
        "recall_at_5": _interval(scores.recall_at_5),
        "calibration_error": round(calibration_error(answers.confidences[:, 0], answers.ranks == 1), 4),
    }


def _slice(name: str, queries: Sequence[LabelledQuery], old: np.ndarray, new: np.ndarray) -> dict:
    among = np.array([name in one.slices for one in queries])
    return {
        "name": name,
        "queries": int(among.sum()),
        "live": round(float(old[among].mean()), 4),
        "candidate": round(float(new[among].mean()), 4),
        "gain": _interval(paired_gain(old[among], new[among])),
    }


def _changed(
    queries: Sequence[LabelledQuery], live: ModelAnswers, candidate: ModelAnswers, among: np.ndarray
) -> list[dict]:
    """The first of the queries that were won or lost, those that changed most first."""
    size = np.abs(reciprocal_ranks(candidate.ranks) - reciprocal_ranks(live.ranks))
    order = [place for place in np.argsort(-size, kind="stable").tolist() if among[place]]
    return [
        {
            "query_id": queries[place].query_id,
            "name": queries[place].name,
            "items": sorted(queries[place].items),
            "live_rank": int(live.ranks[place]),
            "candidate_rank": int(candidate.ranks[place]),
            "live_first": int(live.items[place, 0]),
            "candidate_first": int(candidate.items[place, 0]),
        }
        for place in order[:_SHOWN]
    ]


_SCORES = {
    "mrr_at_5": reciprocal_ranks,
    "recall_at_1": lambda ranks: (ranks == 1).astype(float),
    "recall_at_5": lambda ranks: (ranks > 0).astype(float),
}


def _interval(interval: Interval) -> dict[str, float]:
    return {"mean": round(interval.mean, 4), "low": round(interval.low, 4), "high": round(interval.high, 4)}
