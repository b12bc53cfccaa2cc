"""On crops of real printed editions, of which one label in twenty was exchanged for another's.

About one in twenty is wrong as they came; those count as nothing here. Every third page is read: the whole
takes five times as long, and docs/experiments.md tells what came of it.
"""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from retrieval.data.crops import read_crops
from retrieval.embed import Embedder
from retrieval.label_errors.crops import weigh_crops
from retrieval.label_errors.evidence import Evidence, weigh_labels
from retrieval.models import load_weights, shipped_weights
from tests.retrieval.label_errors.test_crops import early, planted

CROPS = Path(__file__).parents[3].parent / "shared" / "data" / "kieu_crops.zip"
pytestmark = [
    pytest.mark.xdist_group("real crops"),
    pytest.mark.skipif(not CROPS.is_file(), reason=f"the labelled crops are not at {CROPS}"),
]


@pytest.fixture(scope="module")
def read():
    """Vectors without the memory, codepoints and pages of every third page's crops; and the weights."""
    crops, weights = read_crops(CROPS), load_weights(shipped_weights())
    pages = np.array(crops.pages)
    kept = np.nonzero(np.isin(pages, np.unique(pages)[::3]))[0]
    embedder = Embedder(dataclasses.replace(weights, calibration={}), "cpu")
    vectors = embedder.embed_prints([crops.images[place] for place in kept])
    return vectors, crops.codepoints[kept], pages[kept], weights


def test_planted_labels_are_in_the_first_tenth(read):
    vectors, labels, pages, weights = read
    wrong, places = planted(labels)
    assert 300 < len(places) == round(0.05 * len(labels))
    learned = weights.characters.numpy(), weights.codepoints.numpy()
    found = weigh_crops(vectors, wrong, pages, *learned)
    assert early(found.score, places) >= 0.95  # the bar is 0.8
    # Counted without being told: as many as were planted, and up to as many as were wrong before.
    assert 0.05 <= found.wrong.mean() <= 0.12
    assert found.wrong[places].mean() >= 0.6


def test_so_they_are_by_other_pages_alone(read):
    """The network learned from these very labels; the nearest crops of other pages did not."""
    vectors, labels, pages, _ = read
    wrong, places = planted(labels)
    known, classes = np.unique(wrong, return_inverse=True)
    evidence = Evidence(vectors, classes, groups=pages)
    found = weigh_labels(vectors, classes, [evidence], count=len(known), groups=pages)
    assert early(found.margin, places) >= 0.9
