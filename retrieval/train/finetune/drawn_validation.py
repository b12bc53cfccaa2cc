"""A frozen set that no gallery and no label takes part in: characters drawn from typefaces of this machine.

What a network knew of writing at large shows here, when what it was tuned on is one book.
"""

import logging
from pathlib import Path

import numpy as np

from common.errors import BadInput
from retrieval.embed import Embedder
from retrieval.models import Weights
from retrieval.synth.fonts import SYSTEM_FOLDERS, Typeface, find_faces
from retrieval.synth.glyphs import Glyphs, distance_field
from retrieval.train.data.scores import nearest, reciprocal_rank
from retrieval.train.data.training_data import HELD_OUT_FACES
from retrieval.train.data.validation_cache import load_validation_set, save_validation_set
from retrieval.train.data.validation_set import ValidationSet

log = logging.getLogger(__name__)
_CHARACTERS, _OTHER_FACES, _SEED = 120, 3, 1
_NAME = f"drawn-{_CHARACTERS}-{_SEED}.npz"


def drawn_set(folder: Path) -> ValidationSet | None:
    """The set kept in ``folder``, drawn first where it is not there yet; None where the typefaces are not.

    Prints are of typefaces that nothing is trained on, height maps of others. Some seconds the first time.
    """
    path = folder / _NAME
    try:
        return load_validation_set(path)
    except BadInput:  # not there yet, or damaged: it can be drawn again
        path.unlink(missing_ok=True)
    glyphs = _glyphs()
    if glyphs is None:
        return None
    made = ValidationSet.draw(glyphs, None, seed=_SEED, characters=_CHARACTERS)
    save_validation_set(path, made)
    return made


def drawn_ranks(weights: Weights, drawn: ValidationSet) -> np.ndarray:
    """Reciprocal rank of each query, (N,), in [0, 1]; 0 beyond the fifth place."""
    embedder = Embedder(weights, "cpu")
    gallery = embedder.embed_heights(drawn.heights).seen
    ranks = []
    for queries in drawn.kinds.values():
        vectors = embedder.embed_prints(queries.pictures)
        right = nearest(vectors, queries.codepoints, gallery, drawn.codepoints)[1]
        ranks += [reciprocal_rank(row[None]) for row in right]
    return np.array(ranks)


def _glyphs() -> Glyphs | None:
    """Characters that one held-out typeface and one other draw, in all of the few that are looked at."""
    found = find_faces(list(SYSTEM_FOLDERS))
    held_out = [face for face in found if face.name in HELD_OUT_FACES][:1]
    others = [face for face in found if face.name not in HELD_OUT_FACES][:_OTHER_FACES]
    if not held_out or not others:
        log.info("no drawn characters are scored: their typefaces are not installed")
        return None
    faces = [Typeface(face) for face in (*held_out, *others)]
    fields, codes, places = [], [], []
    # Twice as many for either kind: some are held out, and a typeface may claim what it does not draw.
    for code in np.random.default_rng(_SEED).permutation(_common(faces))[: 12 * _CHARACTERS].tolist():
        drawn = [(place, ink) for place, face in enumerate(faces) if (ink := face.draw(code)) is not None]
        if len(drawn) > 1 and drawn[0][0] == 0:
            fields += [distance_field(ink) for _, ink in drawn]
            codes += [code] * len(drawn)
            places += [place for place, _ in drawn]
    if not codes:
        return None
    names = tuple(face.name for face in faces)
    return Glyphs(np.stack(fields), np.array(codes, np.int32), np.array(places, np.int16), names)


def _common(faces: list[Typeface]) -> list[int]:
    """Han codepoints that the first typeface and any other claim, ascending."""
    common = sorted(faces[0].codepoints & set().union(*(face.codepoints for face in faces[1:])))
    return [code for code in common if 0x3400 <= code <= 0x9FFF or code >= 0x20000]
