"""Made-up labels to fine-tune on, and a network to begin with."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from retrieval.models import Net, Weights
from retrieval.preprocess import Recipe
from retrieval.train.finetune.training_pairs import TrainingPairs, read_training_pairs
from tests.retrieval.train.drawn import TINY
from tests.retrieval.train.finetune.made import CODES, ink


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of two prints of each of fifteen blocks, every fourth block for validation; and five blocks."""
    folder = tmp_path_factory.mktemp("pairs")
    lines = []
    for place, code in enumerate(CODES):
        height = folder / f"{code}.png"
        # Mirrored, as blocks are carved.
        cv2.imwrite(str(height), ink(code, 5)[:, ::-1].astype(np.uint16) * 65535)
        block = {"height": str(height), "mirrored": True, "block": str(code), "character": chr(code)}
        if place >= 15:
            lines.append({"kind": "block", **block})
            continue
        for copy in range(2):
            print_ = folder / f"{code}-{copy}.png"
            cv2.imwrite(str(print_), np.where(ink(code, 3 + copy), 40, 210).astype(np.uint8))
            side = "validation" if place % 4 == 3 else "train"
            pair = {"kind": "pair", "side": side, "print": str(print_), "query": f"{code}-{copy}"}
            lines.append({**pair, **block})
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def pairs(listed: Path) -> TrainingPairs:
    """The list, read."""
    return read_training_pairs(listed)


@pytest.fixture
def base() -> Weights:
    """A network of random weights that knows all but the last characters."""
    torch.manual_seed(3)
    codes = torch.tensor(list(CODES[:12]), dtype=torch.int32)
    return Weights(
        Net(TINY).eval(),
        "base",
        Recipe(size=32),
        {"memory": [20.0, 0.5], "handedness": [1.0, 0.0]},
        {},
        "f" * 16,
        torch.randn(len(codes), TINY.width),
        codes,
    )
