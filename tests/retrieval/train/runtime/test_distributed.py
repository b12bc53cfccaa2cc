"""Several processes train one network: two of them over Gloo, killed once, and the parts alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from retrieval.embed import Embedder
from retrieval.preprocess import Recipe
from retrieval.train.pretrain.batches import DrawnBatches, Mix
from retrieval.train.pretrain.command import _with_workers
from retrieval.train.runtime.distributed import Ranks, joined
from tests.retrieval.evaluate.folders import write_set
from tests.retrieval.train.drawn import drawn_data, tiny_config

_CONFIG = """
name = "two"
images = 240
workers = 0
keep_every = 0.0

[shape]
body = [1, 1, 1]
channels = [8, 8, 16]
width = 12
size = 32

[mix]
classes = 8
flipped = 4

[meshes]
parts = 1
each = 4
"""


_COMPARISON = """
name = "few"

[shape]
body = [1, 1, 1]
channels = [8, 8, 16]
width = 12
size = 32

[meshes]
parts = 1
each = 4

[inputs]
characters = 12
drawn = 2
crops = 1
rendered = 1

[schedule]
images = 192
pairs = 8
keep_every = 0.0

[[method]]
name = "decoder"
title = "a classifier that does not use the embedding"
group = "trained"
objective = "ml-decoder"
"""


def torchrun(name: str, *arguments: object, dies_after: int) -> int:
    """Two processes of a command; returns the exit status."""
    root = Path(__file__).parents[4]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    script = [str(Path(__file__).with_name("ranked.py")), name, json.dumps([str(each) for each in arguments])]
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, *script, str(dies_after)],
        cwd=root,
        env=environment,
        capture_output=True,
        timeout=280,
        check=False,
    )
    return done.returncode


def assert_same_in_both(folder: Path) -> None:
    """Both processes ended with one model, and one average of it."""
    one, other = (load_file(folder / f"rank{rank}.safetensors") for rank in (0, 1))
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert torch.equal(value, other[key]), key


@pytest.mark.timeout(600)
def test_two_processes_train_one_network_and_resume(tmp_path: Path) -> None:
    """Killed after the third batch and started again, both end with one network, and one weights file."""
    (tmp_path / "two.toml").write_text(_CONFIG)
    command = "train", tmp_path / "two.toml", "--folder", tmp_path
    assert torchrun(*command, dies_after=3) != 0
    assert not (tmp_path / "two.safetensors").exists()
    assert torchrun(*command, dies_after=0) == 0
    assert_same_in_both(tmp_path)
    record = Embedder.load(tmp_path / "two.safetensors", "cpu").record
    # Six batches of 16 + 4 inputs in each of two processes, three of them before the kill.
    assert (record["batches"], record["images"], record["processes"]) == (6, 240, 2)
    weights = [path.name for path in tmp_path.glob("*.safetensors") if not path.name.startswith("rank")]
    assert sorted(weights) == ["two.checkpoint.safetensors", "two.safetensors"]


@pytest.mark.timeout(600)
def test_two_processes_train_a_method_to_compare(tmp_path: Path) -> None:
    """Both end with one method; the first one scores it. Killed, it would go on by the loop tested above."""
    (tmp_path / "few.toml").write_text(_COMPARISON)
    bench = write_set(tmp_path / "blocks", items=3)
    command = "compare", tmp_path / "few.toml", "--sets", bench, "--folder", tmp_path, "--crops", "x.zip"
    assert torchrun(*command, "--jobs", 0, dies_after=0) == 0
    assert_same_in_both(tmp_path / "few")
    rows = json.loads((tmp_path / "results.json").read_text())["rows"]
    # Six batches of 8 pairs in each of two processes.
    assert {(row["training"]["batches"], row["training"]["images"]) for row in rows} == {(6, 192)}
    assert len(list((tmp_path / "few").glob("decoder-*"))) == 1


def test_processes_share_the_batches_that_one_would_draw() -> None:
    """Taking turns, two draw what one draws alone, each its own."""
    batches = DrawnBatches(drawn_data(), None, Mix(classes=8, flipped=4), Recipe(size=32), seed=3)
    turns = (0, 1), (0, 2), (1, 2)
    alone, first, second = (iter(batches.starting(0, turn=turn, turns=count)) for turn, count in turns)
    for each in (first, second, first, second):
        for expected, got in zip(next(alone), next(each), strict=True):
            assert torch.equal(expected, got)


def test_one_process_needs_no_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without torchrun nothing is joined, wrapped or waited for."""
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    net = torch.nn.Linear(2, 2)
    with joined("cpu") as ranks, ranks.first_before_others():
        assert ranks == Ranks(0, 1, 0, 1)
        assert ranks.first
        assert ranks.averaging(net) is net
        assert ranks.from_first(0.25, torch.device("cpu")) == 0.25
        assert ranks.device("cuda") == "cuda"
        ranks.copy_from_first(net)


def test_each_process_has_its_own_gpu_and_its_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third of four on a machine of sixteen cores: the third GPU, and three cores that draw."""
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    for name, value in (("RANK", 6), ("WORLD_SIZE", 8), ("LOCAL_RANK", 2), ("LOCAL_WORLD_SIZE", 4)):
        monkeypatch.setenv(name, str(value))
    ranks = Ranks.from_environment()
    assert ranks == Ranks(6, 8, 2, 4)
    assert not ranks.first
    assert ranks.device("cuda") == "cuda:2"
    assert ranks.device("cpu") == "cpu"
    config = tiny_config(100, workers=1)
    assert _with_workers(config, "cuda", ranks).workers == 3
    assert _with_workers(config, "cpu", ranks).workers == 1
