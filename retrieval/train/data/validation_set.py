"""The development set: what a network is chosen, calibrated and reported on before any benchmark.

Its characters are partly in no training image, its typefaces are in none, its crops come from book
pages kept out of training. Its reliefs went through mesh and renderer.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch

from retrieval.data.characters import held_out, held_out_page
from retrieval.data.crops import Crops
from retrieval.embed import Embedder
from retrieval.embed.confidence import calibration_error, confidence, fit_confidence
from retrieval.embed.handedness import fit_handedness, mirrored_probability
from retrieval.embed.memory import Memory
from retrieval.index.views import is_doubtful
from retrieval.models import Weights
from retrieval.synth.glyphs import Glyphs
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import rendered_relief
from retrieval.train.data.training_data import HELD_FACES

_TOP = 5
_TWICE = 0.25
# Calibration sees whole galleries and one from which half of the characters were taken: one query in eight
# asks for a character that is not there.
_SHARES = (1.0, 1.0, 1.0, 0.5)
# Sharpness and pull of the memory, see there; the first is none at all.
_STRENGTHS = (
    (20.0, 0.0),
    *((sharpness, pull) for sharpness in (16.0, 20.0, 24.0) for pull in (0.5, 1.0, 2.0)),
)


@dataclass(frozen=True)
class Queries:
    """pictures: N pictures. codepoints: (N,) what each shows."""

    pictures: list[np.ndarray]
    codepoints: np.ndarray


@dataclass(frozen=True)
class Development:
    """heights: M maps that read as the print does. codepoints: (M,). kinds: queries by name."""

    heights: list[np.ndarray]
    codepoints: np.ndarray
    kinds: dict[str, Queries]

    @classmethod
    def draw(cls, glyphs: Glyphs, crops: Crops | None, *, seed: int, characters: int = 400) -> "Development":
        """So many held-out characters, as many learned ones in held-out typefaces, and those of the crops."""
        random = np.random.default_rng([seed, 3])
        textures = Textures(random)
        held = _chosen(glyphs, characters, random, of_held=True)
        known = _chosen(glyphs, characters, random, of_held=False)
        real = _real(glyphs, crops, random)
        codepoints = np.unique(np.concatenate([held, known, real.codepoints]))
        # Galleries hold some characters twice, and confidence has to know it.
        codepoints = np.concatenate([codepoints, codepoints[random.random(len(codepoints)) < _TWICE]])
        heights, shown = [], []
        for code in codepoints.tolist():
            height = None
            while height is None:
                height = rendered_relief(
                    _field(glyphs, code, random), _others(glyphs, random), random, textures
                )
            heights.append(height.astype(np.float32) / 255)
            shown.append(code)
        kinds = {
            "new characters": _drawn(glyphs, held, random, textures),
            "new typefaces": _drawn(glyphs, known, random, textures),
        }
        if len(real.codepoints):
            kinds["real crops"] = real
        return cls(heights, np.array(shown), kinds)


def develop(weights: Weights, development: Development) -> Weights:
    """The same weights, calibrated on the development set, its results in their record.

    Confidence, and how strongly vectors are drawn to the learned characters, are fitted on every second
    query; handedness on the height maps of every second character. They are judged on the others.
    """
    weights = dataclasses.replace(weights, calibration=_fit_memory(weights, development))
    embedder = Embedder(weights, "cpu")
    (gallery, _), evidence = embedder.read_heights(development.heights)
    results: dict[str, object] = {"gallery": len(gallery)}
    fitted, judged = [], []
    for kind, queries in development.kinds.items():
        vectors = embedder.embed_prints(queries.pictures)
        right = nearest(vectors, queries.codepoints, gallery, development.codepoints)[1]
        results[kind] = {
            "queries": len(right),
            "mrr5": round(reciprocal_rank(right), 4),
            "recall1": round(float(right[:, 0].mean()), 4),
        }
        for found in _thinned(vectors, queries.codepoints, gallery, development.codepoints):
            fitted.append([part[::2] for part in found])
            judged.append([part[1::2] for part in found])
    near, right, _ = (np.concatenate(part) for part in zip(*fitted, strict=True))
    coefficients = fit_confidence(near, right)
    near, right, there = (np.concatenate(part) for part in zip(*judged, strict=True))
    given = confidence(near, coefficients)
    results["calibration error, first"] = round(calibration_error(given[:, 0], right[:, 0]), 4)
    results["calibration error, all five"] = round(calibration_error(given.ravel(), right.ravel()), 4)
    results["auroc, in the gallery"] = round(auroc(given[:, 0], there), 4)
    handedness, judged_handedness = _fit_handedness(evidence, development.codepoints)
    return dataclasses.replace(
        weights,
        calibration={
            **weights.calibration,
            "confidence": coefficients,
            "handedness": handedness,
        },
        record={**weights.record, "development": results | judged_handedness},
    )


def _fit_memory(weights: Weights, development: Development) -> dict[str, list[float]]:
    """Sharpness and pull that do best, all kinds of query counting alike; nothing where none helps."""
    if weights.characters is None:
        return {}
    plain = Embedder(dataclasses.replace(weights, calibration={}), "cpu")
    items = torch.from_numpy(plain.embed_heights(development.heights).seen)
    prints = [
        (torch.from_numpy(plain.embed_prints(queries.pictures[::2])), queries.codepoints[::2])
        for queries in development.kinds.values()
    ]

    def score(strength: tuple[float, float]) -> float:
        memory = Memory(weights.characters, *strength)
        gallery = memory.settle(items).numpy()
        right = [
            nearest(memory.settle(vectors).numpy(), shown, gallery, development.codepoints)[1]
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
    for seed, share in enumerate(_SHARES):
        codes = np.unique(codepoints)
        stay = codes[np.random.default_rng(seed).random(len(codes)) < share]
        keep = np.isin(codepoints, stay)
        found.append((*nearest(vectors, shown, gallery[keep], codepoints[keep]), np.isin(shown, stay)))
    return found


def nearest(
    queries: np.ndarray, shown: np.ndarray, gallery: np.ndarray, codepoints: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cosine distances of the five nearest items, (N, 5), and whether each is of the query's character.

    Where the gallery has fewer, the distance is inf.
    """
    distances = 1 - queries @ gallery.T
    order = np.argsort(distances, axis=1, kind="stable")[:, :_TOP]
    absent = ((0, 0), (0, _TOP - order.shape[1]))
    near = np.pad(np.take_along_axis(distances, order, axis=1), absent, constant_values=np.inf)
    return near, np.pad(codepoints[order] == shown[:, None], absent)


def reciprocal_rank(right: np.ndarray) -> float:
    """Mean over queries of 1/rank of the first right suggestion of (N, k), 0 where there is none."""
    first = np.where(right.any(axis=1), 1 / (1 + right.argmax(axis=1)), 0.0)
    return float(first.mean())


def auroc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Chance that a true one scores above a false one, ties by half; both (N,). NaN without both kinds."""
    true, false = scores[truth], scores[~truth]
    if not len(true) or not len(false):
        return float("nan")
    order = np.sort(false)
    below = np.searchsorted(order, true, "left") + np.searchsorted(order, true, "right")
    return float(below.mean() / 2 / len(false))


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


def _chosen(glyphs: Glyphs, count: int, random: np.random.Generator, *, of_held: bool) -> np.ndarray:
    """Characters, held out or not, that a held-out typeface and one more draw."""
    faces = np.isin(glyphs.faces, [place for place, name in enumerate(glyphs.names) if name in HELD_FACES])
    codes, counts = np.unique(glyphs.codepoints, return_counts=True)
    able = np.isin(codes, glyphs.codepoints[faces]) & (counts >= 2)
    secret = np.array([held_out(int(code)) for code in codes])
    pool = codes[able & (secret == of_held)]
    return np.sort(random.permutation(pool)[:count])


def _real(glyphs: Glyphs, crops: Crops | None, random: np.random.Generator) -> Queries:
    """At most 500 crops of held-out pages whose character some typeface draws."""
    if crops is None:
        return Queries([], np.zeros(0, int))
    drawn = set(glyphs.codepoints.tolist())
    places = [
        place
        for place, (page, code) in enumerate(zip(crops.pages, crops.codepoints.tolist(), strict=True))
        if held_out_page(page) and code in drawn
    ]
    picked = np.sort(random.permutation(places)[:500])
    return Queries([crops.images[place] for place in picked], crops.codepoints[picked])


def _drawn(glyphs: Glyphs, codes: np.ndarray, random: np.random.Generator, textures: Textures) -> Queries:
    pictures = [
        draw_print(_field(glyphs, code, random, held=True), _others(glyphs, random), random, textures)
        for code in codes.tolist()
    ]
    return Queries(pictures, codes)


def _field(glyphs: Glyphs, code: int, random: np.random.Generator, *, held: bool = False) -> np.ndarray:
    """A glyph of this character, of a held-out typeface where asked, else of another where there is one."""
    places = np.flatnonzero(glyphs.codepoints == code)
    of_held = np.array([glyphs.names[face] in HELD_FACES for face in glyphs.faces[places]])
    wanted = places[of_held == held]
    return glyphs.fields[random.choice(wanted if len(wanted) else places)]


def _others(glyphs: Glyphs, random: np.random.Generator) -> list[np.ndarray]:
    return [glyphs.fields[place] for place in random.integers(len(glyphs.fields), size=4)]
