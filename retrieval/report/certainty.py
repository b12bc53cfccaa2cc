"""Whether a confidence of 0.9 is right nine times in ten, and shows which characters are not there."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from retrieval.embed.confidence import calibration_error
from retrieval.evaluate.metrics import DEPTH
from retrieval.report.matched import Matched
from retrieval.train.data.scores import auroc

Confidence = Callable[[np.ndarray], np.ndarray]

# Galleries of many sizes, as confidence is fitted on: shares of the characters that stay.
SHARES = (1.0, 0.5, 0.5, 0.1, 0.03)
_BINS = 10
_DRAWS = 10
_FALSE_ALARMS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


def reliability(galleries: Sequence[Matched], confidence: Confidence) -> dict:
    """Of first suggestions, and of all five: calibration error, and by tenths what was given and what right.

    {"first" | "five": {"error", "bins": [{"from", "suggestions", "given", "right"}]}}.
    """
    answers = [(confidence(near), right, np.isfinite(near)) for _, near, right in _nearest(galleries)]
    given, right, there = (np.concatenate(part) for part in zip(*answers, strict=True))
    return {
        "first": _curve(given[:, 0][there[:, 0]], right[:, 0][there[:, 0]]),
        "five": _curve(given[there], right[there]),
    }


def _nearest(galleries: Sequence[Matched]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Each gallery's five nearest; a small one's rows are filled up with suggestions that are not there."""
    for gallery in galleries:
        order, near, right = gallery.nearest()
        absent = ((0, 0), (0, DEPTH - near.shape[1]))
        yield order, np.pad(near, absent, constant_values=np.inf), np.pad(right, absent)


def _curve(given: np.ndarray, right: np.ndarray) -> dict:
    place = np.clip((given * _BINS).astype(int), 0, _BINS - 1)
    bins = [
        {
            "from": one / _BINS,
            "suggestions": int((place == one).sum()),
            "given": float(given[place == one].mean()),
            "right": float(right[place == one].mean()),
        }
        for one in range(_BINS)
        if (place == one).any()
    ]
    return {"error": calibration_error(given, right, _BINS), "bins": bins}


def galleries_of_many_sizes(matched: Matched) -> list[Matched]:
    """The set with all of its characters, and with shares of them."""
    return [
        matched.thinned(share, np.random.default_rng(seed)) if share < 1 else matched
        for seed, share in enumerate(SHARES)
    ]


def absence(matched: Matched, confidence: Confidence) -> dict | None:
    """How well the first suggestion's confidence tells whether the query's character is in the gallery.

    Half of the characters are taken out, by ten draws: {"queries", "draws", "auroc", "least", "most",
    "curve": [[share of absent ones taken for present, share of present ones seen as such]]}. None where
    no draw leaves queries of both kinds.
    """
    areas, curves = [], []
    for seed in range(_DRAWS):
        half = matched.thinned(0.5, np.random.default_rng([seed, 50]))
        there: np.ndarray = np.any(half.right, axis=1)
        if there.all() or not there.any():
            continue
        score = confidence(half.nearest()[1])[:, 0]
        areas.append(auroc(score, there))
        curves.append(_hits(score, there))
    if not areas:
        return None
    curve = np.mean(curves, axis=0).tolist()
    return {
        "queries": len(matched.right),
        "draws": len(areas),
        "auroc": float(np.mean(areas)),
        "least": float(np.min(areas)),
        "most": float(np.max(areas)),
        "curve": [list(point) for point in zip(_FALSE_ALARMS, curve, strict=True)],
    }


def _hits(score: np.ndarray, there: np.ndarray) -> list[float]:
    """Share of present ones above the threshold that lets each share of absent ones pass."""
    absent = score[~there]
    return [
        1.0 if alarm == 1 else float((score[there] > np.quantile(absent, 1 - alarm)).mean())
        for alarm in _FALSE_ALARMS
    ]
