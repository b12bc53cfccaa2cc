"""What pre-training learns from: classes, glyphs and real crops, with the hold-outs left out."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from retrieval.data.characters import held_out, held_out_page
from retrieval.data.crops import Crops, read_crops
from retrieval.synth.glyphs import Glyphs

# Typefaces that no training image is drawn from; validation sets are.
HELD_OUT_FACES = frozenset({"cwtex-kai", "ipamj-mincho", "zen-antique", "yuji-mai"})


@dataclass(frozen=True)
class TrainingData:
    """The classes that may be learned, and what there is to learn each from.

    glyphs: all that were drawn, held out or not.
    crops: of a real print; None without any.
    classes: (K,) codepoints, ascending.
    glyphs_of: K arrays of places in ``glyphs``.
    crops_of: K arrays of places in ``crops``.
    """

    glyphs: Glyphs
    crops: Crops | None
    classes: np.ndarray
    glyphs_of: list[np.ndarray]
    crops_of: list[np.ndarray]

    @cached_property
    def with_crops(self) -> np.ndarray:
        """Places of the classes that have real crops."""
        return np.flatnonzero([len(places) > 0 for places in self.crops_of])


def gather_training_data(glyphs: Glyphs, crops_zip: Path | None) -> TrainingData:
    """Everything that may be trained on: held-out characters, typefaces and book pages are not in it.

    glyphs: of all characters and typefaces.
    crops_zip: labelled crops of a real print, where there are any.

    Raises:
        BadSet: the crops cannot be read.
    """
    in_held_out_face = np.isin(glyphs.faces, held_out_faces(glyphs))
    secret = np.array([held_out(int(code)) for code in glyphs.codepoints])
    usable = np.flatnonzero(~in_held_out_face & ~secret)
    classes = np.unique(glyphs.codepoints[usable])
    crops = read_crops(crops_zip) if crops_zip else None
    return TrainingData(
        glyphs,
        crops,
        classes,
        _grouped(classes, glyphs.codepoints, usable),
        _grouped(classes, crops.codepoints, _open_pages(crops))
        if crops
        else [np.zeros(0, int)] * len(classes),
    )


def held_out_faces(glyphs: Glyphs) -> list[int]:
    """Places of the typefaces that no training image is drawn from."""
    return [place for place, name in enumerate(glyphs.names) if name in HELD_OUT_FACES]


def _open_pages(crops: Crops) -> np.ndarray:
    return np.flatnonzero([not held_out_page(page) for page in crops.pages])


def _grouped(classes: np.ndarray, codepoints: np.ndarray, places: np.ndarray) -> list[np.ndarray]:
    """The ``places`` whose codepoint is each class's."""
    order = places[np.argsort(codepoints[places], kind="stable")]
    starts = np.searchsorted(codepoints[order], classes, "left")
    ends = np.searchsorted(codepoints[order], classes, "right")
    return [order[start:end] for start, end in zip(starts, ends, strict=True)]
