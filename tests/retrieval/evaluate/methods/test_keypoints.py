import cv2
import numpy as np
import pytest

from retrieval.evaluate.methods.classical import print_strokes
from retrieval.evaluate.methods.keypoints import ORB, SIFT, KeypointDetector, KeypointMethod
from tests.pictures import glyph

BOTH = (ORB, SIFT)
EMPTY = {
    "no ink": np.full((60, 60), 240, np.uint8),
    "all ink": np.zeros((60, 60), np.uint8),
    "tiny": np.array([[255] * 8] * 4 + [[0] * 8] * 4, np.uint8),
    "one line": np.where(np.arange(64)[:, None] == 30, 0, 255).astype(np.uint8).repeat(64, axis=1),
}


def strokes(seed: int) -> np.ndarray:
    return print_strokes(np.rint(230 - 180 * glyph(seed, 100)).astype(np.uint8))


@pytest.mark.parametrize("name", BOTH)
def test_keypoints_lie_in_the_picture_and_are_of_length_one(name):
    found = KeypointDetector(name).keypoints(strokes(3))
    assert 5 < found.count <= len(found.descriptors)
    assert np.allclose(np.linalg.norm(found.descriptors[: found.count], axis=1), 1, atol=1e-3)
    assert not found.descriptors[found.count :].any()
    assert np.isinf(found.places[found.count :]).all()
    assert (found.places[: found.count] > 0).all()


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("what", EMPTY)
def test_pictures_of_next_to_nothing_are_answered(name, what):
    method = KeypointMethod(name)
    blank = np.zeros((256, 256), np.float32)
    method.add_items([glyph(1, 256).astype(np.float32), blank, np.ones_like(blank)])
    hits = method.rank([EMPTY[what], np.rint(230 - 180 * glyph(1, 100)).astype(np.uint8)], 3)
    assert np.isfinite(hits.distances).all()
    assert sorted(hits.ids[0]) == [0, 1, 2]
    assert hits.ids[1, 0] == 0


@pytest.mark.parametrize("name", BOTH)
def test_matches_are_those_of_opencvs_matcher(name):
    """The slow twin: OpenCV's brute-force matcher, the ratio test and the gate, keypoint by keypoint."""
    method, detector = KeypointMethod(name), KeypointDetector(name)
    heights = [glyph(seed, 256).astype(np.float32) for seed in range(3)]
    method.add_items(heights)
    query = detector.keypoints(strokes(1))
    stored = np.stack(method._descriptors), np.stack(method._places)
    fast = method._distances(query, *stored)
    for reading, (descriptors, places) in enumerate(zip(*stored, strict=True)):
        assert fast[reading] == pytest.approx(
            1 - slow_share(query, descriptors, places, binary=name == ORB), abs=2e-3
        )
    assert fast.argmin() == 2


def slow_share(query, descriptors, places, *, binary: bool) -> float:
    count = int(np.isfinite(places[:, 0]).sum())
    matched = 0
    for place, descriptor in enumerate(query.descriptors[: query.count]):
        if binary:
            apart = [int(((descriptor > 0) != (other > 0)).sum()) for other in descriptors[:count]]
        else:
            apart = [float(cv2.norm(descriptor, other)) for other in descriptors[:count]]
        first, second = np.argsort(apart, kind="stable")[:2]
        near = np.linalg.norm(places[first] - query.places[place]) <= 0.2
        matched += apart[first] < 0.8 * apart[second] and near
    return matched / query.count


def test_descriptors_are_those_of_opencv():
    """ORB's bits of either sign: half of one less their cosine is the Hamming distance."""
    detector = KeypointDetector(ORB)
    a, b = detector.keypoints(strokes(1)).descriptors[:2]
    assert detector.distances(np.array(a @ b)) == pytest.approx(((a > 0) != (b > 0)).mean(), abs=1e-5)
