"""What a network under tuning is worth on the validation side, and how far it went from the old one."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from retrieval.embed.confidence import calibration_error, confidence, fit_confidence, suggestion_features
from retrieval.embed.memory import Memory
from retrieval.models import Weights
from retrieval.preprocess import height_input, print_input
from retrieval.train.data.validation_set import reciprocal_rank
from retrieval.train.finetune.training_pairs import Lessons

LEAST_QUERIES = 30
"""Fewer validation prints than this fit no confidence: the old network's is kept."""
_WHOLE_FIT = 300
_TOP, _AT_ONCE = 5, 256
# Confidence has to know queries whose block is not in the gallery: one in eight of those it is fitted on.
_SHARES = (1.0, 1.0, 1.0, 0.5)


@dataclass(frozen=True)
class Worth:
    """mrr: MRR@5 on the validation prints, None without any. kept: mean cosine with the old vectors."""

    mrr: float | None
    kept: float


class Validation:
    """The validation prints, asked about their blocks among all that the lessons know.

    Blocks of the training side are in the gallery, as they will be: only what is asked was not learned.
    """

    def __init__(self, base: Weights, lessons: Lessons, *, most: int = 600, gallery: int = 3000) -> None:
        """most: prints that are asked at most. gallery: blocks that are asked about, the right ones first."""
        random = np.random.default_rng([1, 8])
        asked = np.unique(lessons.validation.prints)
        asked = np.sort(random.permutation(asked)[:most])
        right = np.unique(lessons.validation.heights)
        rest = random.permutation(np.setdiff1d(np.arange(len(lessons.heights)), right))
        heights = np.concatenate([right, rest[: max(0, gallery - len(right))]]).astype(int)
        self._prints = _stacked([print_input(lessons.prints[place], base.recipe) for place in asked])
        self._heights = _stacked(
            [height_input(lessons.heights[place].astype(np.float32) / 255, base.recipe) for place in heights]
        )
        blocks = np.array([lessons.blocks[place] for place in heights])
        self._right = np.array([np.isin(blocks, list(lessons.matches[int(place)])) for place in asked])
        self._right = self._right.reshape(len(asked), len(heights))
        self._was = self._vectors(base.net, self._heights, None)

    def __len__(self) -> int:
        return len(self._prints)

    def worth(self, net: nn.Module, memory: Memory | None) -> Worth:
        """Ask it. memory: of the learned characters, as it will be used."""
        plain = self._vectors(net, self._heights, None)
        kept = float((plain * self._was).sum(axis=1).mean()) if len(plain) else 1.0
        if not len(self._prints):
            return Worth(None, kept)
        _, right = self._nearest(net, memory, np.ones(len(self._heights), bool))
        return Worth(reciprocal_rank(right), kept)

    def calibration(self, net: nn.Module, memory: Memory | None, was: list[float] | None) -> dict | None:
        """Coefficients of confidence fitted on every second print, and the error on the others.

        was: the old network's. With few prints only its scale and its height are fitted. None where there are
        fewer than ``LEAST_QUERIES``.
        """
        if len(self._prints) < LEAST_QUERIES:
            return None
        near, right = (np.stack(part) for part in zip(*self._thinned(net, memory), strict=True))
        fitted = (part[:, ::2].reshape(-1, _TOP) for part in (near, right))
        judged = [part[:, 1::2].reshape(-1, _TOP) for part in (near, right)]
        found = _fit(*fitted, was if was and len(self._prints) < _WHOLE_FIT else None)
        given = confidence(judged[0], found)
        error = calibration_error(given[:, 0], judged[1][:, 0])
        return {"confidence": found, "error": round(error, 4)}

    def _thinned(self, net: nn.Module, memory: Memory | None) -> list[tuple[np.ndarray, np.ndarray]]:
        found = []
        for seed, share in enumerate(_SHARES):
            stay = np.random.default_rng(seed).random(len(self._heights)) < share
            found.append(self._nearest(net, memory, stay))
        return found

    def _nearest(
        self, net: nn.Module, memory: Memory | None, stay: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Distances of the five nearest of the blocks that stay, (N, 5), and whether each is right."""
        prints = self._vectors(net, self._prints, memory)
        heights = self._vectors(net, self._heights[torch.from_numpy(np.flatnonzero(stay))], memory)
        distances = 1 - prints @ heights.T
        order = np.argsort(distances, axis=1, kind="stable")[:, :_TOP]
        absent = ((0, 0), (0, _TOP - order.shape[1]))
        near = np.pad(np.take_along_axis(distances, order, axis=1), absent, constant_values=np.inf)
        return near, np.pad(np.take_along_axis(self._right[:, stay], order, axis=1), absent)

    def _vectors(self, net: nn.Module, inputs: torch.Tensor, memory: Memory | None) -> np.ndarray:
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


def _fit(near: np.ndarray, right: np.ndarray, was: list[float] | None) -> list[float]:
    """All coefficients; or, from those that were, the scale and the height of their logits alone."""
    if was is None:
        return fit_confidence(near, right)
    present = np.isfinite(near)
    logits = suggestion_features(near)[present] @ np.asarray(was)
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
    return [float(found[0] + found[1] * was[0]), *(float(found[1] * each) for each in was[1:])]
