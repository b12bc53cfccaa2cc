"""The development set: what a network is chosen, calibrated and reported on before any benchmark.

Its characters are partly in no training image, its typefaces are in none, its crops come from book
pages kept out of training. Its reliefs went through mesh and renderer.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from retrieval.data.characters import held_out, held_out_page
from retrieval.data.crops import Crops
from retrieval.embed import Embedder
from retrieval.embed.confidence import calibration_error, confidence, fit_confidence
from retrieval.models import Weights
from retrieval.synth.glyphs import Glyphs
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures
from retrieval.train.material import HELD_FACES
from retrieval.train.mesh_cache import rendered_relief

_TOP = 5


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
    """The same weights, calibrated on the development set, its results in their record."""
    embedder = Embedder(weights, "cpu")
    gallery = embedder.embed_heights(development.heights)
    sharpness = _fit_handedness(gallery.mirrored_probability)
    results: dict[str, object] = {}
    distances, right = [], []
    for kind, queries in development.kinds.items():
        vectors = embedder.embed_prints(queries.pictures)
        near, correct = nearest(vectors, queries.codepoints, gallery.seen, development.codepoints)
        results[kind] = {"queries": len(near), "mrr5": round(reciprocal_rank(correct), 4)}
        for share, seed in ((1.0, 0), (0.5, 1), (0.1, 2), (0.03, 3)):
            keep = np.random.default_rng(seed).random(len(gallery.seen)) < share
            found = nearest(vectors, queries.codepoints, gallery.seen[keep], development.codepoints[keep])
            distances.append(found[0])
            right.append(found[1])
    near, correct = np.concatenate(distances), np.concatenate(right)
    coefficients = fit_confidence(near, correct)
    probabilities = confidence(near, coefficients)
    results["gallery"] = len(gallery.seen)
    results["handedness"] = round(float((gallery.mirrored_probability < 0.5).mean()), 4)
    results["calibration error"] = round(calibration_error(probabilities.ravel(), correct.ravel()), 4)
    return dataclasses.replace(
        weights,
        calibration={"confidence": coefficients, "handedness": [sharpness]},
        record={**weights.record, "development": results},
    )


def nearest(
    queries: np.ndarray, shown: np.ndarray, gallery: np.ndarray, codepoints: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cosine distances of the five nearest items, (N, 5), and whether each is of the query's character."""
    distances = 1 - queries @ gallery.T
    order = np.argsort(distances, axis=1, kind="stable")[:, :_TOP]
    return np.take_along_axis(distances, order, axis=1), codepoints[order] == shown[:, None]


def reciprocal_rank(right: np.ndarray) -> float:
    """Mean over queries of 1/rank of the first right suggestion of (N, k), 0 where there is none."""
    first = np.where(right.any(axis=1), 1 / (1 + right.argmax(axis=1)), 0.0)
    return float(first.mean())


def _fit_handedness(probabilities: np.ndarray) -> float:
    """The factor on the logit difference under which held-out maps, none of them mirrored, are likeliest."""
    differences = -np.log(1 / np.clip(probabilities, 1e-9, 1 - 1e-9) - 1)
    factors = np.geomspace(0.1, 10, 60)
    costs = [np.logaddexp(0, factor * differences).mean() for factor in factors]
    return float(factors[int(np.argmin(costs))])


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
