"""What a run learns from: classes, glyphs, real crops and rendered meshes, with the hold-outs left out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.data.characters import held_out, held_out_page
from retrieval.data.crops import Crops, read_crops
from retrieval.synth.glyphs import Glyphs

# Typefaces that no training image is drawn from; development sets are.
HELD_FACES = frozenset({"cwtex-kai", "ipamj-mincho", "zen-antique", "yuji-mai"})


@dataclass(frozen=True)
class Material:
    """classes: (K,) codepoints, ascending. Of each class its glyphs' and its crops' places.

    glyphs_of, crops_of: K arrays of places in ``glyphs`` and ``crops``.
    """

    glyphs: Glyphs
    crops: Crops | None
    classes: np.ndarray
    glyphs_of: list[np.ndarray]
    crops_of: list[np.ndarray]

    @property
    def with_crops(self) -> np.ndarray:
        """Places of the classes that have real crops."""
        return np.flatnonzero([len(places) > 0 for places in self.crops_of])


def gather(glyphs: Glyphs, crops_zip: Path | None) -> Material:
    """Everything that may be trained on: held-out characters, typefaces and book pages are not in it."""
    held = np.isin(glyphs.faces, [place for place, name in enumerate(glyphs.names) if name in HELD_FACES])
    secret = np.array([held_out(int(code)) for code in glyphs.codepoints])
    usable = np.flatnonzero(~held & ~secret)
    classes = np.unique(glyphs.codepoints[usable])
    crops = read_crops(crops_zip) if crops_zip else None
    return Material(
        glyphs,
        crops,
        classes,
        _grouped(classes, glyphs.codepoints, usable),
        _grouped(classes, crops.codepoints, _open_pages(crops))
        if crops
        else [np.zeros(0, int)] * len(classes),
    )


def _open_pages(crops: Crops) -> np.ndarray:
    return np.flatnonzero([not held_out_page(page) for page in crops.pages])


def _grouped(classes: np.ndarray, codepoints: np.ndarray, places: np.ndarray) -> list[np.ndarray]:
    """The ``places`` whose codepoint is each class's."""
    order = places[np.argsort(codepoints[places], kind="stable")]
    starts = np.searchsorted(codepoints[order], classes, "left")
    ends = np.searchsorted(codepoints[order], classes, "right")
    return [order[start:end] for start, end in zip(starts, ends, strict=True)]
