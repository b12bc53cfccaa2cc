"""How far from the old weights the new ones go."""

from pathlib import Path

import numpy as np

from retrieval.embed import Embedder
from retrieval.models import Weights, load_weights, save_weights
from retrieval.train.finetune import blending
from retrieval.train.finetune.blending import best_blend, blended
from retrieval.train.finetune.finetuning import FineTuning
from retrieval.train.finetune.training_pairs import TrainingPairs
from retrieval.train.finetune.validation import SideScore, ValidationSide
from tests.retrieval.train.drawn import TINY
from tests.retrieval.train.finetune.made import CONFIG, same, tensors


def test_the_finished_weights_are_whole(pairs: TrainingPairs, base: Weights, tmp_path: Path) -> None:
    """They load, say where they come from, and lie between the old network and the tuned one."""
    tuning = FineTuning(CONFIG, base, pairs, tmp_path)
    smooth = tuning.loop.train()
    weights = best_blend(tuning, ValidationSide(base, pairs), name="new")
    save_weights(tmp_path / "w.safetensors", weights)
    again = load_weights(tmp_path / "w.safetensors")
    assert again.record["base"] == {"name": "base", "fingerprint": "f" * 16}
    assert again.record["blend"] in (0.25, 0.5, 0.75, 1.0)
    assert again.record["validation"]["queries"] == 6
    assert again.calibration["memory"] == [20.0, 0.5]
    assert Embedder(again, "cpu").embed_prints([np.full((40, 40), 200, np.uint8)]).shape == (1, TINY.width)
    assert same(tensors(blended(base.net, smooth, 0.0)), tensors(base.net))
    assert same(tensors(blended(base.net, smooth, 1.0)), tensors(smooth))


def tried(share: float, mrr: float, drawn: float | None) -> blending._Tried:
    """Weights so far on the way, of which nothing else is known."""
    return blending._Tried(share, None, SideScore(mrr, 1.0), drawn)


def test_the_way_is_gone_as_far_as_it_helps() -> None:
    """By the validation side; of equals the nearer one; what forgets drawn characters does not count."""
    far, half = tried(1.0, 0.9, 0.80), tried(0.5, 0.8, 0.95)
    assert blending._best([half, far], True) is far
    assert (far.forgets(0.82), far.forgets(0.805), far.forgets(None)) == (True, False, False)
    assert blending._best([half, tried(0.75, 0.8, None)], True) is half
    assert blending._best([tried(0.25, None, None), half, far], False) is half
