"""How far the strokes of a new face's print and of the page meet."""

import cv2
import numpy as np

from retrieval.blocks.ink import face_ink
from retrieval.rebuild.face import NewFace
from retrieval.rebuild.inks import window

NEAR = 0.25  # millimetres: edges that lie so near are the same
_INK = 0.5


def printed(face: NewFace) -> np.ndarray:
    """(H, W) float32 in [0, 1], the ink that a new face would print."""
    pitch = float(np.mean(face.pitch))
    paper = face_ink(face.height, np.ones(face.height.shape, bool), pitch, face.depth, 0.02 * face.depth)
    return 1 - paper.astype(np.float32) / 255


def meeting(face: NewFace, made: np.ndarray) -> tuple[float, np.ndarray]:
    """Share of strokes that meet, in all and of each character: the F-measure of the two shares in [0, 1].

    A place of either print meets where the other has ink within `NEAR`. What is neither character nor rule
    on the page (dirt, stains) does not count.

    made: (H, W) float32, of `printed`.
    """
    wanted, got = face.ink > _INK, made > _INK
    counted = face.rules.copy()
    for part in face.parts:
        counted[window(part.box, counted.shape, 0.0)] = True
    reach = max(1, round(NEAR / float(np.mean(face.pitch))))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    near_got, near_wanted = (cv2.dilate(part.astype(np.uint8), disc) > 0 for part in (got, wanted))
    hit, found = wanted & near_got, got & near_wanted
    whole = _f_measure(wanted & counted, hit & counted, got & counted, found & counted)
    each = []
    for part in face.parts:
        place = window(part.box, counted.shape, 0.0)
        each.append(_f_measure(wanted[place], hit[place], got[place], found[place]))
    return whole, np.array(each, float)


def _f_measure(wanted: np.ndarray, hit: np.ndarray, got: np.ndarray, found: np.ndarray) -> float:
    if not wanted.any() and not got.any():
        return 1.0
    recall, precision = hit.sum() / max(wanted.sum(), 1), found.sum() / max(got.sum(), 1)
    return float(2 * recall * precision / max(recall + precision, 1e-9))
