"""Several processes train one network: two of them over Gloo, killed once, and the parts alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from retrieval.embed import Embedder
from retrieval.preprocess import Recipe
from retrieval.train.pretrain.batches import Batches, Mix
from retrieval.train.pretrain.command import _with_workers
from retrieval.train.runtime.distributed import Ranks, joined
from tests.retrieval.train.drawn import drawn_material, tiny_config

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

[drawing]
mesh_parts = 1
meshes_a_part = 4
"""


def torchrun(folder: Path, *, dies_after: int) -> int:
    """Two processes of the train command; returns the exit status."""
    root = Path(__file__).parents[4]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    script = [str(Path(__file__).with_name("ranked.py")), str(folder / "two.toml"), str(folder)]
    told = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, *script, str(dies_after)],
        cwd=root,
        env=told,
        capture_output=True,
        timeout=280,
        check=False,
    )
    return done.returncode


@pytest.mark.timeout(600)
def test_two_processes_train_one_network_and_resume(tmp_path: Path) -> None:
    """Killed after the third batch and started again, both end with one network, and one weights file."""
    (tmp_path / "two.toml").write_text(_CONFIG)
    assert torchrun(tmp_path, dies_after=3) != 0
    assert not (tmp_path / "two.safetensors").exists()
    assert torchrun(tmp_path, dies_after=0) == 0
    one, other = (load_file(tmp_path / f"rank{rank}.safetensors") for rank in (0, 1))
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert torch.equal(value, other[key]), key
    record = Embedder.load(tmp_path / "two.safetensors", "cpu").record
    # Six batches of 16 + 4 inputs in each of two processes, three of them before the kill.
    assert (record["batches"], record["images"], record["processes"]) == (6, 240, 2)
    weights = [path.name for path in tmp_path.glob("*.safetensors") if not path.name.startswith("rank")]
    assert sorted(weights) == ["two.checkpoint.safetensors", "two.safetensors"]


def test_processes_share_the_batches_that_one_would_draw() -> None:
    """Taking turns, two draw what one draws alone, each its own."""
    told = drawn_material(), None, Mix(classes=8, flipped=4), Recipe(size=32)
    alone, first, second = (
        iter(Batches(*told, seed=3, turn=turn, turns=turns)) for turn, turns in ((0, 1), (0, 2), (1, 2))
    )
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
        assert ranks.agreed(0.25, torch.device("cpu")) == 0.25
        assert ranks.device("cuda") == "cuda"
        ranks.level(net)


def test_each_process_has_its_own_gpu_and_its_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third of four on a machine of sixteen cores: the third GPU, and three cores that draw."""
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    for name, value in (("RANK", 6), ("WORLD_SIZE", 8), ("LOCAL_RANK", 2), ("LOCAL_WORLD_SIZE", 4)):
        monkeypatch.setenv(name, str(value))
    ranks = Ranks.told()
    assert ranks == Ranks(6, 8, 2, 4)
    assert not ranks.first
    assert ranks.device("cuda") == "cuda:2"
    assert ranks.device("cpu") == "cpu"
    config = tiny_config(100, workers=1)
    assert _with_workers(config, "cuda", ranks).workers == 3
    assert _with_workers(config, "cpu", ranks).workers == 1
