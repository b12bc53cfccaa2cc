"""The glyphs that training and validation draw from, kept as fields on disk."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import BadInput
from retrieval.data.characters import choose_characters, vietnamese_readings
from retrieval.data.crops import read_crops
from retrieval.synth.fonts import SYSTEM_FOLDERS, FaceFiles, Typeface, find_faces
from retrieval.synth.glyphs import FIELD, Glyphs, distance_field

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GlyphAmounts:
    """How many glyphs are drawn.

    common: characters that most typefaces have.
    beyond: characters beyond the BMP.
    faces_each: at most so many typefaces a character, chosen by lot.
    """

    common: int = 9500
    beyond: int = 5000
    faces_each: int = 9


def cached_glyphs(
    amounts: GlyphAmounts, folder: Path, fonts: Sequence[Path], crops: Path | None, *, seed: int
) -> Glyphs:
    """The glyphs kept in a training folder, drawn first where they are not there yet.

    amounts: how many; others are kept beside them.
    folder: of the training.
    fonts: folders beside the system's.
    crops: zip of labelled crops, whose characters are drawn too.
    seed: of the choice of typefaces.

    Raises:
        BadInput: no typeface is found.
        BadSet: the crops cannot be read.
    """
    glyphs = glyph_cache(
        folder / f"glyphs-{amounts.common}-{amounts.beyond}-{amounts.faces_each}",
        [*SYSTEM_FOLDERS, *fonts],
        {int(code) for code in read_crops(crops).codepoints} if crops else set(),
        amounts,
        seed=seed,
    )
    if not len(glyphs.fields):
        raise BadInput(
            "no typeface was found to draw characters from",
            hint="install the fonts-* packages named in docs/retrieval.md, or name a folder with --fonts",
        )
    return glyphs


def glyph_cache(
    folder: Path, fonts: Iterable[Path], wanted: set[int], amounts: GlyphAmounts, *, seed: int
) -> Glyphs:
    """The cached glyphs in ``folder``, drawn first where they are not there yet.

    fonts: folders of typefaces.
    wanted: characters to take beside those with a Vietnamese reading and the widely supported ones.
    amounts: how many.
    seed: of the choice of typefaces.
    """
    if not (folder / "fields.npy").exists():
        faces = find_faces(list(fonts))
        log.info("drawing glyphs of %d typefaces: %s", len(faces), ", ".join(face.name for face in faces))
        _draw(faces, wanted, amounts, seed).save(folder)
    return Glyphs.load(folder)


def _draw(sources: list[FaceFiles], wanted: set[int], amounts: GlyphAmounts, seed: int) -> Glyphs:
    typefaces = [Typeface(source) for source in sources]
    claimed = {face.name: face.codepoints for face in typefaces}
    characters = choose_characters(
        claimed, wanted | vietnamese_readings(), common=amounts.common, beyond=amounts.beyond
    )
    log.info("%d characters chosen", len(characters))
    random = np.random.default_rng(seed)
    fields, codepoints, faces = [], [], []
    for codepoint in characters:
        taken = 0
        for place in random.permutation(len(typefaces)):
            ink = typefaces[place].draw(codepoint) if taken < amounts.faces_each else None
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
