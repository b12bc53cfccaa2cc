"""Labelled crops of a book whose label is likely wrong.

Two kinds of evidence speak for each character that a crop might show: the direction that the network learned
for the character, and the nearest crop of that label on any other page of the book. A crop is suspected as
far as another character has more for it than its own label has.
"""

import dataclasses
import logging
from dataclasses import dataclass

import numpy as np

from retrieval.data.crops import Crops
from retrieval.embed import Embedder
from retrieval.errors import BadModel
from retrieval.label_errors.evidence import Evidence, weigh_labels
from retrieval.models import Weights

log = logging.getLogger(__name__)
_PICTURES = 2048


@dataclass(frozen=True)
class CropDoubts:
    """How doubtful each of N crops' labels is.

    score: (N,), how much more another character has for it, in cosine; above 0 it has more. suggested: (N,)
    int32, that character's codepoint. wrong: (N,) bool, whether confident learning counts the label among the
    wrong ones.
    """

    score: np.ndarray
    suggested: np.ndarray
    wrong: np.ndarray


def suspect_crops(crops: Crops, weights: Weights) -> CropDoubts:
    """Weigh every crop's label against all other characters. Raises BadModel for weights that name none."""
    if weights.characters is None or weights.codepoints is None:
        raise BadModel(
            f"the weights of {weights.name} do not say which characters they learned",
            hint="train them again, or use those that came with this version of Mocban",
        )
    # Without the memory, which would draw a wrongly labelled crop to where its neighbours are.
    embedder = Embedder(dataclasses.replace(weights, calibration={}), "cpu")
    parts = []
    for start in range(0, len(crops.images), _PICTURES):
        parts.append(embedder.embed_prints(crops.images[start : start + _PICTURES]))
        log.info("%d of %d crops read", min(start + _PICTURES, len(crops.images)), len(crops.images))
    learned = weights.characters.numpy(), weights.codepoints.numpy()
    return weigh_crops(np.concatenate(parts), crops.codepoints, np.array(crops.pages), *learned)


def weigh_crops(
    vectors: np.ndarray, labels: np.ndarray, pages: np.ndarray, directions: np.ndarray, learned: np.ndarray
) -> CropDoubts:
    """What speaks for other characters than the labels.

    Args:
        vectors: (N, D) unit vectors of crops.
        labels: (N,) their codepoints.
        pages: (N,) where they stand.
        directions: (K, D) of the characters that the network learned, of any length.
        learned: (K,) those characters' codepoints.
    """
    characters = np.union1d(labels, learned)
    classes = np.searchsorted(characters, labels)
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    # A page's own crops are no evidence: one hand labelled them at one sitting.
    evidence = [
        Evidence(unit, np.searchsorted(characters, learned)),
        Evidence(vectors, classes, groups=pages),
    ]
    found = weigh_labels(vectors, classes, evidence, count=len(characters), groups=pages)
    return CropDoubts(found.margin, characters[found.best], found.wrong)
