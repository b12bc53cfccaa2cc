"""All numbers of the page, measured with one model."""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.data.characters import BEYOND
from retrieval.embed import Embedder
from retrieval.io.sets import BenchSet
from retrieval.models import Weights, load_weights
from retrieval.report import handedness
from retrieval.report.certainty import absence, galleries_of_many_sizes, reliability
from retrieval.report.matched import Matched, embed_validation_set, read_and_embed
from retrieval.report.slices import Learned, slices
from retrieval.train.data.training_data import TrainingData
from retrieval.train.data.validation_set import ValidationSet
from retrieval.train.pretrain.calibration import RECORDED_AS

log = logging.getLogger(__name__)

VALIDATION = "validation"
THINNED = "validation, thinned"
_DIGITS = 4


@dataclass(frozen=True)
class Measured:
    """results: what the page's numbers are filled from, as JSON. matched: the sets by name, for pictures."""

    results: dict
    matched: Mapping[str, Matched]
    embedder: Embedder


def measure(
    weights: Path,
    data: TrainingData,
    validation: ValidationSet,
    benches: Sequence[BenchSet],
    *,
    jobs: int = 0,
) -> Measured:
    """Measure a weights file on the validation set and on each of the sets.

    jobs: processes that read meshes; 0 for none but this one. Raises BadModel, BadSet.
    """
    model = load_weights(weights)
    embedder = Embedder(model, "cpu")
    learned = Learned.of(data)
    log.info("measuring on the validation set")
    whole = embed_validation_set(validation, embedder).matched()
    tested = _judged(whole)
    found = {VALIDATION: _of_set(whole, learned)}
    curves = {
        VALIDATION: reliability([tested], embedder.confidence),
        THINNED: reliability(galleries_of_many_sizes(tested), embedder.confidence),
    }
    gone = {VALIDATION: absence(tested, embedder.confidence)}
    handed = {VALIDATION: handedness.of_maps(whole, embedder)}
    sets = {VALIDATION: whole}
    for bench in benches:
        log.info("measuring on %s", bench.name)
        sets[bench.name] = one = read_and_embed(bench, embedder, jobs=jobs).matched()
        found[bench.name] = _of_set(one, learned)
        curves[bench.name] = reliability([one], embedder.confidence)
        gone[bench.name] = absence(one, embedder.confidence)
        handed[bench.name] = handedness.of_meshes(bench, one, embedder)
    results = {
        "model": _about(model, weights),
        "learned": _learned(data),
        "sets": found,
        "reliability": curves,
        "absence": gone,
        "handedness": handed,
    }
    return Measured(rounded(results), sets, embedder)


def _judged(whole: Matched) -> Matched:
    """The validation queries that confidence was not fitted on: every second one of each kind."""
    kinds = np.array(whole.queries.kinds)
    places = [np.flatnonzero(kinds == kind)[1::2] for kind in dict.fromkeys(whole.queries.kinds)]
    return whole.among(np.concatenate(places))


def _of_set(matched: Matched, learned: Learned) -> dict:
    return {
        "items": len(matched.items.names),
        "queries": len(matched.queries.names),
        "unreadable_queries": sum(picture is None for picture in matched.queries.pictures),
        "slices": slices(matched, learned),
    }


def _about(model: Weights, path: Path) -> dict:
    return {
        "name": model.name,
        "fingerprint": model.fingerprint,
        "shape": model.net.shape.to_dict(),
        "file": path.name,
        "megabytes": round(os.path.getsize(path) / 1e6, 1),
        "calibration": dict(model.calibration),
        "record": {key: value for key, value in model.record.items() if key not in RECORDED_AS},
    }


def _learned(data: TrainingData) -> dict:
    """How much of what may be trained on there is."""
    glyph_counts = [len(places) for places in data.glyphs_of]
    crop_counts = np.array([len(places) for places in data.crops_of])
    return {
        "characters": len(data.classes),
        "beyond": int((data.classes >= BEYOND).sum()),
        "glyphs": int(sum(glyph_counts)),
        "crops": int(crop_counts.sum()),
        "characters_with_crops": int((crop_counts > 0).sum()),
    }


def rounded(value: Any) -> Any:
    """The same, its floats to four digits: what is beyond them differs from machine to machine."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(inner) for inner in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
