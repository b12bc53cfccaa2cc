"""The ways of matching that can be evaluated by name, all behind the same two calls.

Light to import: what a method needs is loaded when one is opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from common.errors import BadInput
from retrieval.errors import BadModel

if TYPE_CHECKING:
    import numpy as np

    from retrieval.types import Hits

MODEL, EMBEDDING = "model", "embedding"


class Method(Protocol):
    """A gallery that is filled once, and then searched."""

    name: str

    @property
    def about(self) -> dict:
        """What a report says of it, such as the model's name."""
        ...

    def add_items(self, heights: "Sequence[np.ndarray]") -> None:
        """Take in items, numbered from 0 in the order they come: (256, 256) float32 height maps."""
        ...

    def rank(self, pictures: "Sequence[np.ndarray]", k: int) -> "Hits":
        """The k most similar items for each of Q pictures, (H, W) uint8: (Q, k) hits on item numbers."""
        ...


@dataclass(frozen=True)
class MethodEntry:
    """about: what it is, in a few words. module, maker: of this folder, what makes an empty gallery."""

    about: str
    module: str
    maker: str


METHODS: Mapping[str, MethodEntry] = {
    MODEL: MethodEntry(
        "the trained embedding, then registration of carvings (default)",
        "model_method",
        "ModelMethod",
    ),
    EMBEDDING: MethodEntry("the trained embedding alone", "model_method", "EmbeddingMethod"),
    "hog": MethodEntry("gradient histograms and cosine", "features", "hog_method"),
    "template": MethodEntry("normalised correlation", "features", "template_method"),
    "ssim": MethodEntry("structural similarity", "features", "SsimMethod"),
    "orb": MethodEntry("binary keypoints, ratio test", "keypoints", "orb_method"),
    "sift": MethodEntry("gradient keypoints, ratio test", "keypoints", "sift_method"),
}
"""By the name that is typed."""
_LEARNED = {MODEL, EMBEDDING}


def open_method(name: str, *, weights: Path | str | None = None) -> Method:
    """Make an empty gallery for a method.

    name: one of `METHODS`. weights: for "model" and "embedding", another file than the shipped one.
    Raises BadInput for an unknown name, BadModel for weights that cannot be used.
    """
    if name not in METHODS:
        names = ", ".join(METHODS)
        raise BadInput(f"there is no method {name!r}", hint=f"choose one of {names}", code="bad_method")
    if weights is not None and name not in _LEARNED:
        raise BadInput(f"the method {name} has no weights", hint="leave --weights out", code="bad_method")
    if weights is not None and not Path(weights).is_file():
        hint = "name a .safetensors file, or leave --weights out for the shipped model"
        raise BadModel(f"there is no file {weights}", hint=hint, code="model_missing")
    maker = getattr(import_module(f"{__package__}.{METHODS[name].module}"), METHODS[name].maker)
    return maker(weights) if name in _LEARNED else maker()
