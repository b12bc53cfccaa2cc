"""Drawn characters, scored before and after fine-tuning."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.models import Weights
from retrieval.train.data.validation_set import Queries, ValidationSet
from retrieval.train.finetune import drawn_validation
from tests.retrieval.train.finetune.made import ink


def test_without_typefaces_nothing_drawn_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a damaged file of them is drawn again."""
    monkeypatch.setattr(drawn_validation, "find_faces", lambda folders: [])
    (tmp_path / drawn_validation._NAME).write_bytes(b"no set")
    assert drawn_validation.drawn_set(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_drawn_characters_of_every_kind_are_scored(base: Weights) -> None:
    """One reciprocal rank for each query, none of it beyond the fifth place."""
    random = np.random.default_rng(0)
    heights = list(random.random((8, 96, 96)).astype(np.float32))
    pictures = [np.where(ink(code, 4), 40, 210).astype(np.uint8) for code in range(8)]
    kinds = {"new": Queries(pictures[:3], np.arange(3)), "learned": Queries(pictures[3:], np.arange(3, 8))}
    ranks = drawn_validation.drawn_ranks(base, ValidationSet(heights, np.arange(8), kinds))
    assert ranks.shape == (8,)
    assert set(ranks.round(3)) <= {0.0, 0.2, 0.25, 0.333, 0.5, 1.0}
