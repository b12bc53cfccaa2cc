"""Matching by local features: ORB and SIFT keypoints, the ratio test, and agreement in place."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.evaluate.methods.classical import SIDE, height_strokes, print_strokes
from retrieval.index.hits import best_first
from retrieval.types import Hits

ORB, SIFT = "orb", "sift"
_MOST = 96  # keypoints of a picture
_RATIO = 0.8
_FAR = 0.2  # of the picture's side: strokes framed alike do not lie further apart
_TIE = 1e-3
_SOFT = 1.0
# Strokes are looked at twice as large, in a white rim: both detectors leave out what is near the border.
_ZOOM, _RIM = 2, 32
_ORB_PATCH = 31


@dataclass(frozen=True)
class Keypoints:
    """The strongest keypoints of a picture, at most 96; the rest of the rows is empty.

    descriptors: (96, D) float32 of length 1, or 0 in empty rows. places: (96, 2) float32, x and y in units of
    the picture's side, infinitely far in empty rows. count: how many there are.
    """

    descriptors: np.ndarray
    places: np.ndarray
    count: int


class KeypointDetector:
    """Finds and describes keypoints in cut-out strokes, by ORB (Rublee and others, ICCV 2011) or SIFT (Lowe,
    IJCV 2004). ORB's bits become numbers of either sign, so that cosines give Hamming distances.
    """

    def __init__(self, name: str) -> None:
        self._binary = name == ORB
        self.width = 256 if self._binary else 128
        self._detector: cv2.Feature2D = (
            cv2.ORB.create(nfeatures=_MOST, edgeThreshold=_ORB_PATCH // 2, patchSize=_ORB_PATCH)
            if self._binary
            else cv2.SIFT.create(nfeatures=_MOST)
        )

    def keypoints(self, strokes: np.ndarray) -> Keypoints:
        """strokes: (128, 128) float32 in [0, 1]."""
        points, found = self._detector.detectAndCompute(_shown(strokes), None)
        descriptors = np.zeros((_MOST, self.width), np.float32)
        places = np.full((_MOST, 2), np.inf, np.float32)
        order = sorted(range(len(points)), key=lambda place: -points[place].response)[:_MOST]
        if order:
            descriptors[: len(order)] = self._described(found[order])
            places[: len(order)] = np.array([points[place].pt for place in order]) / (_ZOOM * SIDE)
        return Keypoints(descriptors, places, len(order))

    def _described(self, found: np.ndarray) -> np.ndarray:
        if self._binary:
            found = 2.0 * np.unpackbits(found, axis=1) - 1
        found = found.astype(np.float32)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), _TIE)

    def distances(self, cosines: np.ndarray) -> np.ndarray:
        """What the ratio test compares: Hamming distances (as shares of the bits) for ORB, else Euclidean."""
        apart = np.maximum(1 - cosines, 0)
        return apart / 2 if self._binary else np.sqrt(2 * apart)


def _shown(strokes: np.ndarray) -> np.ndarray:
    """Dark strokes on white, (320, 320) uint8, softened as a scan is."""
    side = _ZOOM * SIDE
    large = cv2.resize(strokes, (side, side), interpolation=cv2.INTER_LINEAR)
    large = cv2.copyMakeBorder(large, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_CONSTANT, value=0.0)
    return np.rint(255 * (1 - np.clip(cv2.GaussianBlur(large, (0, 0), _SOFT), 0, 1))).astype(np.uint8)


class KeypointMethod:
    """Every query's keypoints against every item's, as seen and flipped; the better reading counts.

    A keypoint of the query matches where its nearest descriptor of the item lies nearer than 0.8 times the
    second, and at most a fifth of the side away: the pictures are framed alike, which does what a fitted
    motion would do elsewhere. The distance is the share of the query's keypoints that match none; equal
    shares are ordered by the mean cosine of the nearest descriptors. A picture without keypoints is equally
    far from everything.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.about: dict = {}
        self._detector = KeypointDetector(name)
        self._descriptors: list[np.ndarray] = []
        self._places: list[np.ndarray] = []

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """See `Method.add_items`."""
        for height in heights:
            strokes = height_strokes(height)
            for reading in (strokes, np.ascontiguousarray(strokes[:, ::-1])):
                found = self._detector.keypoints(reading)
                self._descriptors.append(found.descriptors)
                self._places.append(found.places)

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """See `Method.rank`."""
        descriptors, places = np.stack(self._descriptors), np.stack(self._places)
        rows = [
            self._distances(self._detector.keypoints(print_strokes(picture)), descriptors, places)
            for picture in pictures
        ]
        distances = np.stack(rows).reshape(len(rows), -1, 2).min(axis=2)
        return best_first(np.broadcast_to(np.arange(distances.shape[1]), distances.shape), distances, k)

    def _distances(self, query: Keypoints, descriptors: np.ndarray, places: np.ndarray) -> np.ndarray:
        """(V,) of V readings, from their (V, 96, D) descriptors and (V, 96, 2) places."""
        if not query.count:
            return np.ones(len(descriptors), np.float32)
        flat = descriptors.reshape(-1, self._detector.width)
        cosines = (query.descriptors[: query.count] @ flat.T).reshape(query.count, len(descriptors), _MOST)
        first = cosines.argmax(axis=2)
        best = np.take_along_axis(cosines, first[..., None], axis=2)
        np.put_along_axis(cosines, first[..., None], -1.0, axis=2)
        best, second = best[..., 0], cosines.max(axis=2)
        near = self._detector.distances(best) < _RATIO * self._detector.distances(second)
        there = places[np.arange(len(places)), first]
        near &= np.linalg.norm(there - query.places[: query.count, None], axis=2) <= _FAR
        return (1 - near.mean(axis=0) + _TIE * (1 - best.mean(axis=0))).astype(np.float32)


def orb_method() -> KeypointMethod:
    """ORB keypoints (Rublee and others, ICCV 2011)."""
    return KeypointMethod(ORB)


def sift_method() -> KeypointMethod:
    """SIFT keypoints (Lowe, IJCV 2004)."""
    return KeypointMethod(SIFT)
