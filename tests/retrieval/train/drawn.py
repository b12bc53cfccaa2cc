"""A handful of made-up characters to train on: bars in different places."""

import numpy as np

from retrieval.data.crops import Crops
from retrieval.models import Shape
from retrieval.synth.glyphs import Glyphs, distance_field
from retrieval.train.data.training_data import TrainingData, gather_training_data
from retrieval.train.pretrain.batches import Mix
from retrieval.train.pretrain.config import PretrainConfig

TINY = Shape(body=(1, 1, 1), channels=(8, 8, 16), width=12, size=32)


def strokes(code: int, weight: int) -> np.ndarray:
    """A made-up character: a frame's left side and foot, and bars where the code's bits are set."""
    ink = np.zeros((64, 56), bool)
    ink[:, :weight] = ink[-weight:] = True
    for bit in range(5):
        if code >> bit & 1:
            ink[6 + 10 * bit : 6 + 10 * bit + weight, 10:50] = True
    return ink


def drawn_glyphs(
    codes: range = range(0x4E01, 0x4E19), names: tuple[str, ...] = ("thin", "bold", "zen-antique")
) -> Glyphs:
    """Each of the codes in each of the typefaces; the last of them is one that is held out."""
    rows = [(code, face) for code in codes for face in range(len(names))]
    fields = np.stack([distance_field(strokes(code, 3 + 2 * face)) for code, face in rows])
    codepoints, faces = (np.array(column) for column in zip(*rows, strict=True))
    return Glyphs(fields, codepoints.astype(np.int32), faces.astype(np.int16), names)


def drawn_crops(codes: range = range(0x4E01, 0x4E09)) -> Crops:
    """One crop a character on each of two pages, of which the second is held out."""
    rows = [(code, page) for code in codes for page in ("page1", "page4")]
    images = [np.where(strokes(code, 4), 40, 210).astype(np.uint8) for code, _ in rows]
    return Crops(
        images, np.array([code for code, _ in rows], np.int32), [page for _, page in rows], [""] * len(rows)
    )


def drawn_data() -> TrainingData:
    """What may be trained on of the above."""
    return gather_training_data(drawn_glyphs(), None)


def tiny_config(images: int, **changes: object) -> PretrainConfig:
    """A run of a few batches of 16 + 4 inputs."""
    usual = {"threads": 1, "workers": 0, "keep_every": 0.0, "shape": TINY, "mix": Mix(classes=8, flipped=4)}
    return PretrainConfig(name="tiny", images=images, **{**usual, **changes})
