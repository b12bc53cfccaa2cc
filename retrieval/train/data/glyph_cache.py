"""The glyphs that training and development draw from, kept as fields on disk."""

import logging
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from retrieval.data.characters import choose_characters, vietnamese_readings
from retrieval.synth.fonts import FaceFiles, Typeface, find_faces
from retrieval.synth.glyphs import FIELD, Glyphs, distance_field

log = logging.getLogger(__name__)


def glyph_cache(
    folder: Path,
    fonts: Iterable[Path],
    wanted: set[int],
    *,
    common: int,
    beyond: int,
    faces_each: int,
    seed: int,
) -> Glyphs:
    """The cached glyphs in ``folder``, drawn first where they are not there yet.

    wanted: characters to take beside those with a Vietnamese reading and the widely supported
    ones. faces_each: at most so many typefaces a character, chosen by ``seed``.
    """
    if not (folder / "fields.npy").exists():
        faces = find_faces(list(fonts))
        log.info("drawing glyphs of %d typefaces: %s", len(faces), ", ".join(face.name for face in faces))
        _draw(faces, wanted, common, beyond, faces_each, seed).save(folder)
    return Glyphs.load(folder)


def _draw(
    sources: list[FaceFiles], wanted: set[int], common: int, beyond: int, faces_each: int, seed: int
) -> Glyphs:
    typefaces = [Typeface(source) for source in sources]
    claimed = {face.name: face.codepoints for face in typefaces}
    characters = choose_characters(claimed, wanted | vietnamese_readings(), common=common, beyond=beyond)
    log.info("%d characters chosen", len(characters))
    random = np.random.default_rng(seed)
    fields, codepoints, faces = [], [], []
    for codepoint in characters:
        taken = 0
        for place in random.permutation(len(typefaces)):
            ink = typefaces[place].draw(codepoint) if taken < faces_each else None
            if ink is not None:
                fields.append(distance_field(ink))
                codepoints.append(codepoint)
                faces.append(place)
                taken += 1
    stacked = np.stack(fields) if fields else np.zeros((0, FIELD, FIELD), np.uint8)
    return Glyphs(
        stacked,
        np.array(codepoints, np.int32),
        np.array(faces, np.int16),
        tuple(face.name for face in typefaces),
    )
