"""How well a network under tuning does on the validation side, and how far it went from the old one."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from retrieval.embed.confidence import calibration_error, confidence, fit_confidence, suggestion_features
from retrieval.embed.memory import Memory
from retrieval.models import Net, Weights
from retrieval.preprocess import height_input, print_input
from retrieval.train.data.scores import GALLERY_SHARES, TOP, nearest_of, reciprocal_rank
from retrieval.train.finetune.training_pairs import TrainingPairs

LEAST_QUERIES = 30
"""Fewer validation prints than this fit no confidence: the old network's is kept."""
_WHOLE_FIT = 300
_AT_ONCE = 256


@dataclass(frozen=True)
class SideScore:
    """How a network does.

    mrr: MRR@5 on the validation prints, in [0, 1]; None without any.
    kept: mean cosine with the old network's vectors, in [-1, 1].
    """

    mrr: float | None
    kept: float


class ValidationSide:
    """The validation prints as queries for their blocks, among all blocks that the pairs name.

    Blocks of the training side are in the gallery, as they will be; only the queries were not learned from.
    """

    def __init__(self, base: Weights, pairs: TrainingPairs, *, most: int = 600, gallery: int = 3000) -> None:
        """base: the old network. most: queries at most. gallery: blocks at most, the right ones first."""
        random = np.random.default_rng([1, 8])
        queries = np.unique(pairs.validation.prints)
        queries = np.sort(random.permutation(queries)[:most])
        right = np.unique(pairs.validation.heights)
        rest = random.permutation(np.setdiff1d(np.arange(len(pairs.heights)), right))
        heights = np.concatenate([right, rest[: max(0, gallery - len(right))]]).astype(int)
        self._prints = _stacked([print_input(pairs.prints[place], base.recipe) for place in queries])
        self._heights = _stacked(
            [height_input(pairs.heights[place].astype(np.float32) / 255, base.recipe) for place in heights]
        )
        blocks = np.array([pairs.blocks[place] for place in heights])
        self._right = np.array([np.isin(blocks, list(pairs.matches[int(place)])) for place in queries])
        self._right = self._right.reshape(len(queries), len(heights))
        self._old = self._vectors(base.net, self._heights, None)

    def __len__(self) -> int:
        return len(self._prints)

    def score(self, net: Net, memory: Memory | None) -> SideScore:
        """Score a network. memory: of the learned characters, as it will be used."""
        plain = self._vectors(net, self._heights, None)
        kept = float((plain * self._old).sum(axis=1).mean()) if len(plain) else 1.0
        if not len(self._prints):
            return SideScore(None, kept)
        _, right = self._nearest(net, memory, np.ones(len(self._heights), bool))
        return SideScore(reciprocal_rank(right), kept)

    def calibration(self, net: Net, memory: Memory | None, old: list[float] | None) -> dict | None:
        """Coefficients of confidence fitted on every second print, and the error on the others.

        None where there are fewer prints than ``LEAST_QUERIES``.

        memory: of the learned characters, as it will be used.
        old: the old network's coefficients; with few prints only their scale and their height are fitted.
        """
        if len(self._prints) < LEAST_QUERIES:
            return None
        near, right = (np.stack(part) for part in zip(*self._thinned(net, memory), strict=True))
        fitted = [part[:, ::2].reshape(-1, TOP) for part in (near, right)]
        judged = [part[:, 1::2].reshape(-1, TOP) for part in (near, right)]
        found = _fit(fitted[0], fitted[1], old if old and len(self._prints) < _WHOLE_FIT else None)
        given = confidence(judged[0], found)
        error = calibration_error(given[:, 0], judged[1][:, 0])
        return {"confidence": found, "error": round(error, 4)}

    def _thinned(self, net: Net, memory: Memory | None) -> list[tuple[np.ndarray, np.ndarray]]:
        found = []
        for seed, share in enumerate(GALLERY_SHARES):
            stay = np.random.default_rng(seed).random(len(self._heights)) < share
            found.append(self._nearest(net, memory, stay))
        return found

    def _nearest(self, net: Net, memory: Memory | None, stay: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distances of the five nearest of the blocks that stay, (N, 5), and whether each is right."""
        prints = self._vectors(net, self._prints, memory)
        heights = self._vectors(net, self._heights[torch.from_numpy(np.flatnonzero(stay))], memory)
        return nearest_of(1 - prints @ heights.T, self._right[:, stay])

    def _vectors(self, net: Net, inputs: torch.Tensor, memory: Memory | None) -> np.ndarray:
        device = next(net.parameters()).device
        parts = [torch.zeros(0, net.shape.width)]
        for start in range(0, len(inputs), _AT_ONCE):
            some = inputs[start : start + _AT_ONCE].to(device).contiguous(memory_format=torch.channels_last)
            with torch.inference_mode():
                unit = functional.normalize(net(some)[0].float()).cpu()
            parts.append(memory.settle(unit) if memory else unit)
        return torch.cat(parts).numpy()


def _stacked(inputs: list[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.stack(inputs)[:, None]) if inputs else torch.zeros(0, 1, 1, 1)


def _fit(near: np.ndarray, right: np.ndarray, old: list[float] | None) -> list[float]:
    """All coefficients; or, where there are old ones, the scale and the height of their logits alone."""
    if old is None:
        return fit_confidence(near, right)
    present = np.isfinite(near)
    logits = suggestion_features(near)[present] @ np.asarray(old)
    truth, found = right[present].astype(float), np.array([0.0, 1.0])
    features = np.stack([np.ones_like(logits), logits], axis=1)
    # Newton's method, drawn a little towards leaving all as it was.
    for _ in range(100):
        sure = 1 / (1 + np.exp(-np.clip(features @ found, -30, 30)))
        slope = features.T @ (sure - truth) + (found - (0.0, 1.0))
        curve = (features * (sure * (1 - sure))[:, None]).T @ features + np.eye(2)
        step = np.linalg.solve(curve, slope)
        found -= np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-8:
            break
    return [float(found[0] + found[1] * old[0]), *(float(found[1] * each) for each in old[1:])]
