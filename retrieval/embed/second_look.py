"""A second look at a print: what else could have been cut out of the picture.

A print that was cut too high, too low, aside or too wide shows part of a neighbour, which spoils its vector.
Cut again in several ways, most of them wrong, it resembles a learned character most where the cut is right.
"""

import numpy as np

UNSURE = 0.55
"""A print whose cosine with the nearest learned character is below this is looked at again. Chosen on
development data; see docs/experiments.md."""
# (top, bottom, left, right): shares of the sides that are left out.
_CUTS = (
    (0.15, 0, 0, 0),
    (0, 0.15, 0, 0),
    (0, 0, 0.15, 0),
    (0, 0, 0, 0.15),
    (0.27, 0, 0, 0),
    (0, 0.27, 0, 0),
    (0.16, 0.16, 0.16, 0.16),
)
CUTS = len(_CUTS)


def other_cuts(picture: np.ndarray) -> list[np.ndarray]:
    """Seven parts of a picture (H, W), none of them empty."""
    height, width = picture.shape
    cuts = []
    for top, bottom, left, right in _CUTS:
        rows = slice(round(top * height), max(height - round(bottom * height), round(top * height) + 1))
        columns = slice(round(left * width), max(width - round(right * width), round(left * width) + 1))
        cuts.append(picture[rows, columns])
    return cuts


def joined_looks(first: np.ndarray, others: np.ndarray, likeness: np.ndarray, sharpness: float) -> np.ndarray:
    """One vector each: the first look counts as much as all others together, of those the likeliest most.

    first: (N, D) unit vectors.
    others: (N, C, D) unit vectors of the other cuts.
    likeness: (N, C), how much these resemble any learned character.
    sharpness: the memory's.

    Returns:
        (N, D) float32 of unit length.
    """
    shares = np.exp(sharpness * (likeness - likeness.max(axis=1, keepdims=True)))
    shares /= shares.sum(axis=1, keepdims=True)
    both = first + np.einsum("nc,ncd->nd", shares, others)
    return (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)
