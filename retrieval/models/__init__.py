"""The network, and the weights files that hold all that is needed to use it."""

from pathlib import Path

from common.shipped_weights import EMBEDDER
from retrieval.models.net import Net, Shape
from retrieval.models.weights import Weights, load_weights, save_weights

__all__ = ["Net", "Shape", "Weights", "load_weights", "save_weights", "shipped_weights"]


def shipped_weights() -> Path:
    """The weights file that comes with this version."""
    return Path(__file__).parent.parent / "weights" / EMBEDDER
