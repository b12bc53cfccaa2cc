"""Batches that can be drawn again: number n is the same whoever draws it, and whenever."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Self

import cv2
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class NumberedBatches(IterableDataset, ABC):
    """Endless batches from any number on, shared by several processes and by the workers of each.

    A subclass draws one batch by its number, of all that all processes draw.
    """

    _start, _turn, _turns = 0, 0, 1

    @property
    @abstractmethod
    def images(self) -> int:
        """Inputs in one batch."""

    @abstractmethod
    def batch(self, number: int) -> tuple[torch.Tensor, ...]:
        """Batch ``number``, from 0; its first tensor holds the inputs, (B, 1, S, S) float32."""

    def starting(self, start: int, *, turn: int = 0, turns: int = 1) -> Self:
        """The same batches from a number on.

        start: number of the first one; each process counts its own, so it is the same in all.
        turn: which of the processes that take turns this is, from 0.
        turns: how many there are.
        """
        other = copy.copy(self)
        other._start, other._turn, other._turns = start, turn, turns
        return other

    def __iter__(self) -> Iterator[tuple[torch.Tensor, ...]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        step, first = (worker.num_workers, worker.id) if worker else (1, 0)
        number = self._start + first
        while True:
            yield self.batch(number * self._turns + self._turn)
            number += step


def batch_loader(batches: NumberedBatches, *, workers: int, pinned: bool) -> DataLoader:
    """The batches, drawn by so many processes beside this one; by itself where there are none.

    pinned: whether they are laid in memory that a GPU reads directly.
    """
    # A worker forked while OpenCV has threads waiting hangs at its first picture.
    cv2.setNumThreads(1)
    return DataLoader(
        batches,
        batch_size=None,
        num_workers=workers,
        # Its own, or starting to draw would disturb the random state that a resumed run takes up.
        generator=torch.Generator(),
        prefetch_factor=4 if workers else None,
        pin_memory=pinned,
    )
