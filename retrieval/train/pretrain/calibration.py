"""How sure a network may be, and how strongly it is drawn to what it learned: fitted, and judged."""

import dataclasses

import numpy as np
import torch

from retrieval.embed import Embedder
from retrieval.embed.confidence import calibration_error, confidence, fit_confidence
from retrieval.embed.handedness import fit_handedness, mirrored_probability
from retrieval.embed.memory import Memory
from retrieval.index.views import is_doubtful
from retrieval.models import Weights
from retrieval.train.data.scores import GALLERY_SHARES, auroc, nearest, reciprocal_rank
from retrieval.train.data.validation_set import ValidationSet

# Sharpness and pull of the memory, see there; the first is none at all.
_STRENGTHS = (
    (20.0, 0.0),
    *((sharpness, pull) for sharpness in (16.0, 20.0, 24.0) for pull in (0.5, 1.0, 2.0)),
)
RECORDED_AS = ("validation set", "development")
"""What the results are called in a weights file's record: now, and by earlier versions."""


def calibrated(weights: Weights, validation: ValidationSet) -> Weights:
    """The same weights, calibrated on the validation set, its results in their record.

    Confidence, and how strongly vectors are drawn to the learned characters, are fitted on every second
    query; handedness on the height maps of every second character. They are judged on the others.
    """
    weights = dataclasses.replace(weights, calibration=_fit_memory(weights, validation))
    embedder = Embedder(weights, "cpu")
    (gallery, _), evidence = embedder.read_heights(validation.heights)
    vectors = {kind: embedder.embed_queries(queries.pictures) for kind, queries in validation.kinds.items()}
    coefficients, judged_confidence = _fit_confidence(vectors, gallery, validation)
    handedness, judged_handedness = _fit_handedness(evidence, validation.codepoints)
    results = {
        "gallery": len(gallery),
        **{kind: _scores(vectors[kind], gallery, kind, validation) for kind in vectors},
        **judged_confidence,
        **judged_handedness,
    }
    fitted = {"confidence": coefficients, "handedness": handedness}
    return dataclasses.replace(
        weights,
        calibration={**weights.calibration, **fitted},
        record={**weights.record, RECORDED_AS[0]: results},
    )


def _scores(vectors: np.ndarray, gallery: np.ndarray, kind: str, validation: ValidationSet) -> dict:
    right = nearest(vectors, validation.kinds[kind].codepoints, gallery, validation.codepoints)[1]
    return {
        "queries": len(right),
        "mrr5": round(reciprocal_rank(right), 4),
        "recall1": round(float(right[:, 0].mean()), 4),
    }


def _fit_confidence(
    vectors: dict[str, np.ndarray], gallery: np.ndarray, validation: ValidationSet
) -> tuple[list[float], dict[str, float]]:
    """Coefficients fitted on every second query of each kind, and how they do on the others."""
    fitted, judged = [], []
    for kind, queries in validation.kinds.items():
        for found in _thinned(vectors[kind], queries.codepoints, gallery, validation.codepoints):
            fitted.append([part[::2] for part in found])
            judged.append([part[1::2] for part in found])
    near, right, _ = (np.concatenate(part) for part in zip(*fitted, strict=True))
    coefficients = fit_confidence(near, right)
    near, right, present = (np.concatenate(part) for part in zip(*judged, strict=True))
    given = confidence(near, coefficients)
    return coefficients, {
        "calibration error, first": round(calibration_error(given[:, 0], right[:, 0]), 4),
        "calibration error, all five": round(calibration_error(given.ravel(), right.ravel()), 4),
        "auroc, in the gallery": round(auroc(given[:, 0], present), 4),
    }


def _fit_memory(weights: Weights, validation: ValidationSet) -> dict[str, list[float]]:
    """Sharpness and pull that do best, all kinds of query counting alike; nothing where none helps."""
    characters = weights.characters
    if characters is None:
        return {}
    plain = Embedder(dataclasses.replace(weights, calibration={}), "cpu")
    items = torch.from_numpy(plain.embed_heights(validation.heights).seen)
    prints = [
        (torch.from_numpy(plain.embed_prints(queries.pictures[::2])), queries.codepoints[::2])
        for queries in validation.kinds.values()
    ]

    def score(strength: tuple[float, float]) -> float:
        memory = Memory(characters, *strength)
        gallery = memory.settle(items).numpy()
        right = [
            nearest(memory.settle(vectors).numpy(), shown, gallery, validation.codepoints)[1]
            for vectors, shown in prints
        ]
        return float(np.mean([reciprocal_rank(each) for each in right]))

    best = max(_STRENGTHS, key=score)
    return {"memory": list(best)} if best[1] else {}


def _thinned(
    vectors: np.ndarray, shown: np.ndarray, gallery: np.ndarray, codepoints: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """In galleries of several sizes: distances (N, 5), right (N, 5), whether the character is there (N,)."""
    found = []
    for seed, share in enumerate(GALLERY_SHARES):
        codes = np.unique(codepoints)
        stay = codes[np.random.default_rng(seed).random(len(codes)) < share]
        keep = np.isin(codepoints, stay)
        found.append((*nearest(vectors, shown, gallery[keep], codepoints[keep]), np.isin(shown, stay)))
    return found


def _fit_handedness(evidence: np.ndarray, codepoints: np.ndarray) -> tuple[list[float], dict[str, float]]:
    """Coefficients fitted on every second character, and on the others: how many maps are read the right
    way, how many are flagged as doubtful, and how many of the rest are right.

    None of the maps is mirrored; a mirror image is read right exactly when the map itself is.
    """
    second = np.unique(codepoints, return_inverse=True)[1] % 2 == 1
    coefficients = fit_handedness(evidence[~second])
    probability = mirrored_probability(evidence[second], coefficients)
    sure = np.array([not is_doubtful(each) for each in probability.tolist()])
    return coefficients, {
        "handedness": round(float((probability < 0.5).mean()), 4),
        "handedness, flagged": round(float(1 - sure.mean()), 4),
        "handedness, of those not flagged": round(
            float((probability[sure] < 0.5).sum() / max(sure.sum(), 1)), 4
        ),
    }
