"""The localiser: a page in, its characters out, in reading order."""

from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import cv2
import numpy as np
import torch
from scipy.spatial import cKDTree

from common.reading_order import order_boxes
from retrieval.locate.kinds import box_kinds
from retrieval.locate.network.finder import Found, find
from retrieval.locate.network.weights import LocatorWeights, load_localiser, shipped_localiser
from retrieval.locate.rims import not_at_rims
from retrieval.locate.separators import separators
from retrieval.locate.straighten import page_skew, straight
from retrieval.locate.strokes import not_thin
from retrieval.locate.types import Box, PageBoxes
from retrieval.locate.upright import Likeness, fullest_turn, is_no_writing, likest_turn, read_turns

_FIRST_LOOK = 1100  # pixels of the longer side at which a page's size of characters is looked for
_NEAR = (0.9, 1.2)  # of the size that the network reads best: near enough
_AS_FULL = 0.85  # of what another size covered: so much has to be there at the size that it reads best
_MARGIN = 0.02  # of a character's size, by which boxes are drawn wider than their ink: as people draw them
# Of its longer side: the least height and width of a box. Between what the ink of a single stroke has (0.12
# to 0.25) and what people draw (0.35 to 0.55), so that it overlaps either by half.
_THINNEST = 0.35
_SURE, _CERTAIN = 0.5, 0.7  # scores
_NEIGHBOUR = 2.0  # sizes: how near the next character is, as a rule


@dataclass(frozen=True)
class Localiser:
    """Finds the characters of pages.

    weights: of the network.
    likeness: how much pictures look like characters, which tells a page that lies on its head, and a
        photograph; what the network sees decides alone where it is None.
    """

    weights: LocatorWeights
    likeness: Likeness | None = None

    @classmethod
    def load(cls, path: Path | None = None, *, likeness: Likeness | None = None) -> "Localiser":
        """The localiser of a weights file.

        path: of the file; the shipped one when None.
        likeness: see the class.

        Raises:
            BadModel: the file cannot be used.
        """
        weights = load_localiser(path or shipped_localiser())
        weights.net.to(memory_format=torch.channels_last)
        return cls(weights, likeness)

    @property
    def fingerprint(self) -> str:
        """Of the weights, kept beside what they found."""
        return self.weights.fingerprint

    def locate(self, grey: np.ndarray) -> PageBoxes:
        """Every character of a page, in reading order; few or none where it is none.

        grey: (H, W) uint8, dark ink or light.

        Example:
            >>> import numpy as np
            >>> from retrieval.locate import Localiser
            >>> blank = np.full((400, 300), 220, np.uint8)
            >>> Localiser.load().locate(blank).boxes
            ()
        """
        rows, columns = grey.shape
        found = self._find(grey)
        edges = found.found.boxes
        read = read_turns(grey, edges, self.likeness) if self.likeness else []
        if is_no_writing(read):
            return PageBoxes(columns, rows, 0, 0.0, ())
        angle, boxes = read_in_order(found, self.weights.recipe.size)
        turn = likest_turn(read) if read else fullest_turn(grey, edges, found.scale, self._see)
        return PageBoxes(columns, rows, turn, angle, tuple(boxes))

    def _find(self, grey: np.ndarray) -> "Sized":
        """The page's characters at the size at which the network reads them best."""
        first = min(1.0, _FIRST_LOOK / max(grey.shape))
        best = max((self._look(grey, first * factor) for factor in (1.0, 0.5)), key=_covered)
        off = best.size * best.scale / self.weights.recipe.size
        if best.size and not _NEAR[0] < off < _NEAR[1]:
            again = self._look(grey, best.scale / off)
            best = again if _covered(again) > _AS_FULL * _covered(best) else best
        return best

    def _look(self, grey: np.ndarray, scale: float) -> "Sized":
        size = tuple(max(1, round(side * scale)) for side in grey.shape[::-1])
        shown = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        found = self._see(shown).scaled(1 / scale)
        return Sized(found, scale, usual_size(found.boxes))

    def _see(self, shown: np.ndarray) -> Found:
        """What the network says of a picture at its size."""
        return find(self.weights.net, shown, self.weights.recipe.least)


@dataclass(frozen=True)
class Sized:
    """What was found at one size.

    found: in the page's pixels.
    scale: at which the network read the page.
    size: of the main text's characters in the page's pixels; 0 where there are none.
    """

    found: Found
    scale: float
    size: float


def _covered(look: Sized) -> float:
    """How much of the page is sure to be characters: parts of strokes taken for some cover little."""
    boxes = look.found.boxes
    return float((np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) * look.found.scores**2).sum())


def usual_size(boxes: np.ndarray) -> float:
    """The longer side of the main text's characters; 0 where there are none. boxes: (N, 4)."""
    if not len(boxes):
        return 0.0
    sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    return float(np.percentile(sides, 70))


def read_in_order(sized: Sized, unit: float) -> tuple[float, list[Box]]:
    """The page's skew in degrees, and its boxes in reading order.

    unit: size that the network reads best.
    """
    size = sized.size
    found = not_alone(sized.found, size)
    if not len(found.boxes):
        return 0.0, []
    angle = page_skew(found.boxes, size)
    upright = _without_skew(found.boxes, angle)
    lines = separators(straight(found.level, angle), size, 1 / sized.scale)
    places = order_boxes(upright, lines)
    inner = not_at_rims(
        np.array([box.x + box.w / 2 for box in upright]), [place.column for place in places], found.scores
    )
    if not inner.all():
        found = Found(found.boxes[inner], found.scores[inner], found.level)
        upright = list(compress(upright, inner))
        places = order_boxes(upright, lines)
    kinds = box_kinds(upright, [place.column for place in places], lines)
    edges = not_thin(found.boxes + _MARGIN * size * np.array([-1, -1, 1, 1]), _THINNEST)
    boxes = [
        Box(x0, y0, x1 - x0, y1 - y0, score, place.column, place.order, kind)
        for (x0, y0, x1, y1), score, place, kind in zip(
            edges.tolist(), found.scores.tolist(), places, kinds, strict=True
        )
    ]
    return angle, sorted(boxes, key=lambda box: box.order)


def not_alone(found: Found, size: float) -> Found:
    """The same without specks and holes far from all text: doubtful boxes that have no sure one near.

    size: of a usual character.
    """
    middles = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    sure = found.scores > _SURE
    others = np.zeros(len(middles), int)
    if sure.any():
        near = cKDTree(middles[sure]).query_ball_point(middles, _NEIGHBOUR * size, return_length=True)
        others = near - sure
    kept = (others > 0) | (found.scores > _CERTAIN)
    return Found(found.boxes[kept], found.scores[kept], found.level)


def _without_skew(boxes: np.ndarray, angle: float) -> list[Box]:
    """The boxes where they stand once the skew is out, with the sides that they had."""
    middles = straight((boxes[:, :2] + boxes[:, 2:]) / 2, angle)
    sides = boxes[:, 2:] - boxes[:, :2]
    corners = np.concatenate([middles - sides / 2, sides], axis=1)
    return [Box(*corner) for corner in corners.tolist()]
