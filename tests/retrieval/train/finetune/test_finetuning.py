"""Fine-tuning: what was interrupted ends as what was not, and little is forgotten."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from retrieval.models import Weights
from retrieval.train.finetune.finetuning import FineTuning
from retrieval.train.finetune.training_pairs import TrainingPairs
from retrieval.train.finetune.validation import ValidationSide
from retrieval.train.objectives import OBJECTIVES
from retrieval.train.runtime.loop import RunStopped, TrainingProgress
from tests.retrieval.train.finetune.made import CONFIG, same, stops_after, tensors


@pytest.mark.parametrize("batch", [1, 4, 7])
def test_interrupted_anywhere_it_ends_as_uninterrupted(
    pairs: TrainingPairs, base: Weights, tmp_path: Path, batch: int
) -> None:
    """Asked to leave before a batch and started again, the network is the same to the last bit."""
    whole = FineTuning(CONFIG, base, pairs, tmp_path / "whole")
    expected = tensors(whole.loop.train())
    with pytest.raises(RunStopped):
        FineTuning(CONFIG, base, pairs, tmp_path / "parts").loop.train(should_stop=stops_after(batch))
    resumed = FineTuning(CONFIG, base, pairs, tmp_path / "parts")
    assert same(tensors(resumed.loop.train()), expected)
    assert resumed.record["batches"] == whole.record["batches"] == 8


@pytest.mark.parametrize("batch", [0, 3, 7])
def test_killed_between_two_checkpoints_it_ends_the_same(
    pairs: TrainingPairs, base: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """What was learned since the last checkpoint is learned again, to the last bit."""
    expected = tensors(FineTuning(CONFIG, base, pairs, tmp_path / "whole").loop.train())
    killed = FineTuning(CONFIG, base, pairs, tmp_path / "parts")
    loop = killed.loop
    keep, learn = loop._keep, loop._learn

    def learn_and_die(*batch_and_share: object) -> torch.Tensor:
        loss = learn(*batch_and_share)
        if loop.batch == batch:
            raise KeyboardInterrupt
        return loss

    monkeypatch.setattr(loop, "_learn", learn_and_die)
    monkeypatch.setattr(loop, "_keep", lambda: keep() if loop.batch % 2 == 0 else None)
    with pytest.raises(KeyboardInterrupt):
        killed.loop.train()
    assert same(tensors(FineTuning(CONFIG, base, pairs, tmp_path / "parts").loop.train()), expected)


@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_checkpoint_costs_a_checkpoint(
    pairs: TrainingPairs, base: Weights, tmp_path: Path, damaged: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on from the one before, or anew where both are damaged, to the very same end."""
    expected = tensors(FineTuning(CONFIG, base, pairs, tmp_path / "whole").loop.train())
    with pytest.raises(RunStopped):
        FineTuning(CONFIG, base, pairs, tmp_path / "parts").loop.train(should_stop=stops_after(5))
    files = sorted((tmp_path / "parts").iterdir())
    assert [path.name for path in files] == ["t.checkpoint.before", "t.checkpoint.safetensors"]
    for path in files[::-1][:damaged]:
        path.write_bytes(path.read_bytes()[:5000])
    resumed = FineTuning(CONFIG, base, pairs, tmp_path / "parts")
    begun = []
    assert same(tensors(resumed.loop.train(started=begun.append)), expected)
    assert begun == ([0] if damaged == 2 else [5])
    assert ("beginning anew" in caplog.text) == (damaged == 2)


def test_it_learns_and_stays_near(pairs: TrainingPairs, base: Weights, tmp_path: Path) -> None:
    """The loss falls; with distillation, vectors stay nearer to the old network's than without."""
    losses: list[TrainingProgress] = []
    config = dataclasses.replace(CONFIG, images=12 * 101, epochs=1000, keep_every=1e9)
    kept = FineTuning(config, base, pairs, tmp_path / "kept").loop.train(losses.append)
    assert np.mean([one.loss for one in losses[-3:]]) < 0.8 * losses[0].loss
    loose = dataclasses.replace(config, distillation=0.0)
    free = FineTuning(loose, base, pairs, tmp_path / "free").loop.train()
    side = ValidationSide(base, pairs)
    assert side.score(base.net, None).kept == pytest.approx(1)
    assert side.score(kept, None).kept > side.score(free, None).kept + 0.02


def test_few_labels_are_not_learned_by_heart(pairs: TrainingPairs, base: Weights, tmp_path: Path) -> None:
    """A run ends early once it has seen each of its 24 pairs as often as the recipe says."""
    twice = FineTuning(dataclasses.replace(CONFIG, images=10**6, epochs=2), base, pairs, tmp_path)
    twice.loop.train()
    assert (twice.batches, twice.record["batches"], twice.record["images"]) == (12, 12, 144)


def test_new_characters_get_directions(pairs: TrainingPairs, base: Weights, tmp_path: Path) -> None:
    """Old ones keep theirs; those of the training side that are new stand behind them."""
    tuning = FineTuning(CONFIG, base, pairs, tmp_path)
    old = set(base.codepoints.tolist())
    new = [code for code in pairs.codepoints.tolist() if code not in old]
    assert new
    assert tuning.directions.codepoints.tolist() == [*base.codepoints.tolist(), *new]
    assert torch.allclose(tuning.directions.characters.norm(dim=1), torch.ones(12 + len(new)))
    plain = dataclasses.replace(base, characters=None, codepoints=None)
    assert FineTuning(CONFIG, plain, pairs, tmp_path / "plain").directions.characters is None


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_teaches(pairs: TrainingPairs, base: Weights, tmp_path: Path, objective: str) -> None:
    """By whatever of them, the loss falls, on batches that were not learned from."""
    config = dataclasses.replace(
        CONFIG, images=12 * 30, epochs=1000, distillation=0.0, characters=0.0, keep_every=1e9
    ).taught_by(objective)
    tuning = FineTuning(config, base, pairs, tmp_path)
    batches = [tuning.loop._batches.batch(10**6 + number) for number in range(8)]

    def loss() -> float:
        return float(np.mean([float(tuning.loop._learner(1.0, *batch).detach()) for batch in batches]))

    before = loss()
    tuning.loop.train()
    assert loss() < 0.97 * before
    assert tuning.record["objective"] == objective


def test_what_an_objective_learned_is_kept_too(pairs: TrainingPairs, base: Weights, tmp_path: Path) -> None:
    """A head with weights, dropout and an optimizer's state of its own goes on to the last bit."""
    config = CONFIG.taught_by("ml-decoder")
    expected = tensors(FineTuning(config, base, pairs, tmp_path / "whole").loop.train())
    with pytest.raises(RunStopped):
        FineTuning(config, base, pairs, tmp_path / "parts").loop.train(should_stop=stops_after(3))
    assert same(tensors(FineTuning(config, base, pairs, tmp_path / "parts").loop.train()), expected)


def test_objectives_do_not_go_on_from_each_other(pairs: TrainingPairs, base: Weights, tmp_path: Path) -> None:
    """In one folder, each begins anew."""
    for objective in ("contrast", "triplet", "recall"):
        begun: list[int] = []
        config = CONFIG.taught_by(objective)
        FineTuning(config, base, pairs, tmp_path).loop.train(started=begun.append)
        assert begun == [0]
    assert CONFIG.taught_by(CONFIG.objective) == CONFIG


def test_a_checkpoint_of_an_earlier_version_is_gone_on_from(
    pairs: TrainingPairs, base: Weights, tmp_path: Path
) -> None:
    """It has the networks and the optimizer alone, and counts batches and seconds."""
    expected = tensors(FineTuning(CONFIG, base, pairs, tmp_path / "whole").loop.train())
    with pytest.raises(RunStopped):
        FineTuning(CONFIG, base, pairs, tmp_path / "parts").loop.train(should_stop=stops_after(5))
    path = tmp_path / "parts" / "t.checkpoint.safetensors"
    with safe_open(path, framework="pt") as file:
        kept = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    assert {key.split("/")[0] for key in kept} == {"net", "smooth", "optimizer", "random"}
    save_file(kept, path, metadata={"facts": json.dumps({"batch": 5, "seconds": 9.0})})
    resumed = FineTuning(CONFIG, base, pairs, tmp_path / "parts")
    assert same(tensors(resumed.loop.train()), expected)
    assert (resumed.record["batches"], resumed.record["images"]) == (8, 96)
