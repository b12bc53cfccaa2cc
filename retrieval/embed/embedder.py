"""Pictures and height maps to unit vectors, with the weights and the recipe of one model."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from retrieval.embed.confidence import FEATURES, confidence
from retrieval.embed.handedness import mirrored_evidence, mirrored_probability
from retrieval.embed.memory import Memory, Recalled
from retrieval.embed.second_look import CUTS, UNSURE, joined_looks, other_cuts
from retrieval.embed.turns import QUARTERS, is_surely_upright, turn_probabilities
from retrieval.errors import BadModel
from retrieval.models import Weights, load_weights, shipped_weights
from retrieval.preprocess import height_input, print_input
from retrieval.types import HeightVectors, TurnedVectors

_BATCH = 64
_LOOKS = 64  # prints that are looked at again together
_LENGTH_TOLERANCE = 1e-2
_NO_WRITING = 1e6
# How many numbers each part of a calibration has; none at all is a model before its calibration.
_COEFFICIENTS = {"confidence": (FEATURES,), "handedness": (1, 2), "memory": (2,)}


@dataclass(frozen=True)
class _Read:
    """What the network says of N inputs.

    vectors: (N, D) unit vectors. logits: (N,), that they are mirrored. likeness: (N,), how much they
    resemble any learned character, nearest: (N,), their cosine with the nearest; nought without a memory.
    """

    vectors: np.ndarray
    logits: np.ndarray
    likeness: np.ndarray
    nearest: np.ndarray


class Embedder:
    """One loaded model. Vectors of two models, or of two recipes, must never meet: compare fingerprints.

    Example:
        >>> import numpy as np
        >>> from retrieval.embed import Embedder
        >>> embedder = Embedder.load(device="cpu")
        >>> picture = np.full((64, 64), 230, np.uint8)
        >>> picture[16:48, 28:36] = 30  # a stroke of ink on paper
        >>> height = np.zeros((256, 256), np.float32)
        >>> height[64:192, 112:144] = 1.0  # the same stroke, carved
        >>> prints, blocks = embedder.embed_prints([picture]), embedder.embed_heights([height])
        >>> prints.shape, blocks.seen.shape
        ((1, 192), (1, 192))
        >>> bool(0 <= 1 - prints[0] @ blocks.seen[0] <= 2)  # their cosine distance
        True
    """

    def __init__(self, weights: Weights, device: str | None = None) -> None:
        """device: "cpu", "cuda" or like; the GPU where there is one when None. Raises BadModel."""
        _check_calibration(weights.calibration)
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._net = weights.net.eval().to(self._device).to(memory_format=torch.channels_last)
        self._weights = weights
        self._memory = self._remembered(weights)

    @classmethod
    def load(cls, path: Path | str | None = None, device: str | None = None, *, name: str = "") -> "Embedder":
        """The model in a weights file, the shipped one when ``path`` is None.

        name: what a person calls the file, for messages. Raises BadModel.
        """
        return cls(load_weights(Path(path) if path else shipped_weights(), name=name), device)

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._weights.name

    @property
    def fingerprint(self) -> str:
        """Hex digest of weights, recipe and calibration."""
        return self._weights.fingerprint

    @property
    def width(self) -> int:
        """D, the length of every vector."""
        return self._weights.net.shape.width

    @property
    def recipe(self) -> dict:
        """The preprocessing recipe's fields."""
        return self._weights.recipe.to_dict()

    @property
    def record(self) -> dict:
        """How the model was trained."""
        return dict(self._weights.record)

    @property
    def learned(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Directions of the characters it learned, (K, D) float32 of unit length, and their codepoints, (K,);
        None where its file names none.
        """
        characters, codepoints = self._weights.characters, self._weights.codepoints
        if characters is None or codepoints is None:
            return None
        return functional.normalize(characters.float()).numpy(), codepoints.numpy()

    def embed_prints(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """N pictures, each (H, W) uint8 of either polarity, to (N, D) float32 unit vectors."""
        inputs = (print_input(picture, self._weights.recipe) for picture in pictures)
        return self._forward(list(inputs)).vectors

    def embed_queries(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """As ``embed_prints``, for prints that are searched for: those that resemble no learned character are
        looked at a second time, cut in seven other ways, which takes eight times as long.
        """
        inputs = [print_input(picture, self._weights.recipe) for picture in pictures]
        first = self._forward(inputs)
        if self._memory is None:
            return first.vectors
        vectors = first.vectors.copy()
        unsure = np.flatnonzero(first.nearest < UNSURE)
        for start in range(0, len(unsure), _LOOKS):
            rows = unsure[start : start + _LOOKS]
            cuts = [cut for row in rows for cut in other_cuts(pictures[row])]
            again = self._forward([print_input(cut, self._weights.recipe) for cut in cuts])
            others = again.vectors.reshape(len(rows), CUTS, -1)
            likeness = again.likeness.reshape(len(rows), CUTS)
            vectors[rows] = joined_looks(vectors[rows], others, likeness, self._memory.sharpness)
        return vectors

    def embed_heights(self, heights: Sequence[np.ndarray]) -> HeightVectors:
        """N height maps, each (H, W) float32 in [0, 1], read as seen and flipped left-right.

        The two readings are set against each other, so that a map and its mirror image always get
        probabilities that add up to one.
        """
        return self.embed_prepared([self.prepare_height(height) for height in heights])

    def prepare_height(self, height: np.ndarray) -> np.ndarray:
        """A height map, (H, W) float32 in [0, 1], as the network takes it: (S, S) float32.

        For whoever prepares the next ones while some are embedded; ``embed_prepared`` goes on from here.
        """
        return height_input(height, self._weights.recipe)

    def embed_prepared(self, inputs: Sequence[np.ndarray]) -> HeightVectors:
        """What ``embed_heights`` makes of height maps, of those that ``prepare_height`` made ready."""
        return self._judged(*self._read_both_ways(inputs))

    def embed_turned(self, heights: Sequence[np.ndarray], every: Collection[int] = ()) -> TurnedVectors:
        """N height maps as for ``embed_heights``, read in their four quarter turns.

        A scan may lie on its side or its head. One that surely stands upright is read in that turn alone: the
        others cost three times as much again.

        every: rows that are read in every turn, however surely they stand upright.
        """
        return self.turn_prepared([self.prepare_height(height) for height in heights], every)

    def turn_prepared(self, inputs: Sequence[np.ndarray], every: Collection[int] = ()) -> TurnedVectors:
        """What ``embed_turned`` makes of height maps, of those that ``prepare_height`` made ready."""
        # A memory is what likeness is measured by; without one there is none to weigh.
        weights = self._weights.calibration.get("handedness") if self._memory else None
        upright = self._read_both_ways(inputs)
        surely = is_surely_upright(_both(upright, "logits").T, _both(upright, "likeness").T, weights)
        rows = [row for row in range(len(inputs)) if row in every or not surely[row]]
        reads = [upright]
        for quarters in range(1, QUARTERS):
            some = self._read_both_ways([np.rot90(inputs[row], quarters) for row in rows])
            reads.append((_among(some[0], rows, len(inputs)), _among(some[1], rows, len(inputs))))
        logits, likeness = (
            np.stack([_both(read, part) for read in reads]).transpose(2, 0, 1)
            for part in ("logits", "likeness")
        )
        turns = tuple(self._judged(*both) for both in reads)
        return TurnedVectors(turns, turn_probabilities(logits, likeness, weights))

    def read_heights(self, heights: Sequence[np.ndarray]) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
        """Vectors of both readings, (N, D) each, and the (N, 2) evidence that the maps are mirrored."""
        one, other = self._read_both_ways([self.prepare_height(height) for height in heights])
        return (one.vectors, other.vectors), _mirrored_evidence(one, other)

    def _read_both_ways(self, seen: Sequence[np.ndarray]) -> tuple[_Read, _Read]:
        return self._forward(seen), self._forward([each[:, ::-1] for each in seen])

    def _judged(self, one: _Read, other: _Read) -> HeightVectors:
        coefficients = self._weights.calibration.get("handedness")
        probability = mirrored_probability(_mirrored_evidence(one, other), coefficients)
        return HeightVectors(one.vectors, other.vectors, probability)

    def confidence(self, distances: np.ndarray) -> np.ndarray:
        """Probability that each suggestion is right, (N, k) float32 in [0, 1].

        distances: (N, k) cosine distances, nearest first, inf where there is no suggestion (gets 0).
        """
        return confidence(distances, self._weights.calibration.get("confidence"))

    def _remembered(self, weights: Weights) -> Memory | None:
        """The learned characters, where the weights carry them and how much to heed them."""
        strength = weights.calibration.get("memory")
        if weights.characters is None or not strength:
            return None
        return Memory(weights.characters.to(self._device), *strength)

    def _forward(self, inputs: Sequence[np.ndarray]) -> _Read:
        """Read N network inputs (S, S)."""
        none = np.zeros(0, np.float32)
        parts: list[tuple[np.ndarray, ...]] = [(np.zeros((0, self.width), np.float32), none, none, none)]
        for start in range(0, len(inputs), _BATCH):
            batch = torch.from_numpy(np.stack(inputs[start : start + _BATCH])[:, None]).to(self._device)
            with torch.inference_mode():
                embeddings, handed = self._net(batch.contiguous(memory_format=torch.channels_last))
                unit = functional.normalize(embeddings.float())
                unknown = torch.zeros(len(unit))
                recalled = self._memory.recall(unit) if self._memory else Recalled(unit, unknown, unknown)
            found = (recalled.settled, handed, recalled.likeness, recalled.nearest)
            parts.append(tuple(part.float().cpu().numpy() for part in found))
        read = _Read(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        _check_read(read)
        return read


def _both(read: tuple[_Read, _Read], part: str) -> np.ndarray:
    """(2, N): a measure of the maps as seen and flipped left-right."""
    return np.stack([getattr(one, part) for one in read])


def _among(read: _Read, rows: Sequence[int], count: int) -> _Read:
    """Readings of some rows among ``count``; the others, which nobody read, resemble no writing."""
    vectors = np.zeros((count, read.vectors.shape[1]), np.float32)
    logits, likeness = np.full(count, _NO_WRITING, np.float32), np.full(count, -_NO_WRITING, np.float32)
    nearest = np.full(count, -1, np.float32)
    vectors[rows], logits[rows], likeness[rows] = read.vectors, read.logits, read.likeness
    nearest[rows] = read.nearest
    return _Read(vectors, logits, likeness, nearest)


def _mirrored_evidence(one: _Read, other: _Read) -> np.ndarray:
    return mirrored_evidence(one.logits, other.logits, one.likeness, other.likeness)


def _check_read(read: _Read) -> None:
    """A network whose numbers are worthless says so here, before anybody takes them for a picture's fault."""
    lengths = np.linalg.norm(read.vectors, axis=1)
    good = (np.abs(lengths - 1) < _LENGTH_TOLERANCE) & np.isfinite(read.logits) & np.isfinite(read.likeness)
    if not good.all():
        raise BadModel(
            f"{(~good).sum()} of the model's {len(good)} vectors are not finite, or not of length 1",
            hint="let another model answer: its weights are of no use",
            code="bad_vectors",
        )


def _check_calibration(calibration: Mapping[str, Sequence[float]]) -> None:
    for name, counts in _COEFFICIENTS.items():
        row = calibration.get(name) or []
        numbers = isinstance(row, list | tuple) and all(type(n) in (int, float) and isfinite(n) for n in row)
        if not numbers or len(row) not in {0, *counts}:
            raise BadModel(
                f"the model's calibration is broken: {name} is not as many finite numbers as it takes",
                hint="use the weights that came with this version of Mocban, or train them again",
            )
