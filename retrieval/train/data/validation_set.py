"""The validation set: what a network is chosen, calibrated and reported on before any benchmark.

Its characters are partly in no training image, its typefaces are in none, its crops come from book
pages kept out of training. The last kinds are prints that failed. Its reliefs went through mesh and renderer.
"""

from dataclasses import dataclass

import numpy as np

from retrieval.data.characters import held_out, held_out_page
from retrieval.data.crops import Crops
from retrieval.synth.failures import Failure
from retrieval.synth.glyphs import Glyphs
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import rendered_relief
from retrieval.train.data.training_data import held_out_faces

_TWICE = (
    0.25  # share of the characters that the gallery holds twice: galleries do, and confidence has to know
)
_MOST_CROPS = 500


@dataclass(frozen=True)
class Queries:
    """Prints and what they show.

    pictures: N pictures, (H, W) uint8 each.
    codepoints: (N,) of the character that each shows.
    """

    pictures: list[np.ndarray]
    codepoints: np.ndarray


@dataclass(frozen=True)
class ValidationSet:
    """A gallery, and queries of several kinds.

    heights: M height maps, (96, 96) float32 in [0, 1], that read as the print does.
    codepoints: (M,) of the characters that they show.
    kinds: queries by the name of their kind.
    """

    heights: list[np.ndarray]
    codepoints: np.ndarray
    kinds: dict[str, Queries]

    @classmethod
    def draw(
        cls, glyphs: Glyphs, crops: Crops | None, *, seed: int, characters: int = 400
    ) -> "ValidationSet":
        """Draw the set.

        glyphs: of all typefaces and characters, held out or not.
        crops: of a real print; those of held-out pages are taken.
        seed: of everything drawn by lot.
        characters: so many held-out ones, and as many learned ones in held-out typefaces.
        """
        random = np.random.default_rng([seed, 3])
        textures = Textures(random)
        new = _chosen(glyphs, characters, random, new=True)
        learned = _chosen(glyphs, characters, random, new=False)
        real = _real(glyphs, crops, random)
        codepoints = np.unique(np.concatenate([new, learned, real.codepoints]))
        codepoints = np.concatenate([codepoints, codepoints[random.random(len(codepoints)) < _TWICE]])
        heights = [_rendered(glyphs, code, random, textures) for code in codepoints.tolist()]
        kinds = {
            "new characters": _drawn(glyphs, new, random, textures),
            "new typefaces": _drawn(glyphs, learned, random, textures),
        }
        if len(real.codepoints):
            kinds["real crops"] = real
        lots = np.random.default_rng([seed, 6])
        kinds |= {
            failure.value: _drawn(glyphs, learned, lots, textures, failure=failure) for failure in Failure
        }
        return cls(heights, codepoints, kinds)


def _rendered(glyphs: Glyphs, code: int, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """A height map of this character that went through mesh and renderer; drawn anew where one refuses it."""
    height = None
    while height is None:
        height = rendered_relief(_field(glyphs, code, random), _others(glyphs, random), random, textures)
    return height.astype(np.float32) / 255


def _chosen(glyphs: Glyphs, count: int, random: np.random.Generator, *, new: bool) -> np.ndarray:
    """Characters that a held-out typeface and one more draw. new: held-out characters, else learned ones."""
    able = np.isin(glyphs.faces, held_out_faces(glyphs))
    codes, counts = np.unique(glyphs.codepoints, return_counts=True)
    able = np.isin(codes, glyphs.codepoints[able]) & (counts >= 2)
    secret = np.array([held_out(int(code)) for code in codes])
    return np.sort(random.permutation(codes[able & (secret == new)])[:count])


def _real(glyphs: Glyphs, crops: Crops | None, random: np.random.Generator) -> Queries:
    """Crops of held-out pages whose character some typeface draws."""
    if crops is None:
        return Queries([], np.zeros(0, int))
    drawn = set(glyphs.codepoints.tolist())
    places = [
        place
        for place, (page, code) in enumerate(zip(crops.pages, crops.codepoints.tolist(), strict=True))
        if held_out_page(page) and code in drawn
    ]
    picked = np.sort(random.permutation(places)[:_MOST_CROPS])
    return Queries([crops.images[place] for place in picked], crops.codepoints[picked])


def _drawn(
    glyphs: Glyphs,
    codes: np.ndarray,
    random: np.random.Generator,
    textures: Textures,
    *,
    failure: Failure | None = None,
) -> Queries:
    pictures = []
    for code in codes.tolist():
        field, others = _field(glyphs, code, random, held_out_face=True), _others(glyphs, random)
        pictures.append(draw_print(field, others, random, textures, failure=failure))
    return Queries(pictures, codes)


def _field(
    glyphs: Glyphs, code: int, random: np.random.Generator, *, held_out_face: bool = False
) -> np.ndarray:
    """A glyph of this character, of a held-out typeface or of another, whichever is wanted and there."""
    places = np.flatnonzero(glyphs.codepoints == code)
    of_held_out = np.isin(glyphs.faces[places], held_out_faces(glyphs))
    wanted = places[of_held_out == held_out_face]
    return glyphs.fields[random.choice(wanted if len(wanted) else places)]


def _others(glyphs: Glyphs, random: np.random.Generator) -> list[np.ndarray]:
    return [glyphs.fields[place] for place in random.integers(len(glyphs.fields), size=4)]
