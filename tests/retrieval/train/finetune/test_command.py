"""The command, as the worker starts it."""

import argparse
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.models import Weights, load_weights, save_weights
from retrieval.train.finetune import command
from retrieval.train.finetune.points import Points


def test_a_full_disk_is_written_down(listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a file that the worker reads, so that it may try again once there is room."""

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(command, "_run", full)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["trial", str(listed), "--folder", str(tmp_path)])) == 1
    assert json.loads((tmp_path / "error.json").read_text())["code"] == "disk_full"
    monkeypatch.setattr(command, "_run", lambda *arguments: None)
    assert command.run(parser.parse_args(["trial", str(listed), "--folder", str(tmp_path)])) == 0
    assert not (tmp_path / "error.json").exists()


@pytest.mark.timeout(300)
def test_two_processes_tune_one_network_by_the_command(listed: Path, base: Weights, tmp_path: Path) -> None:
    """The command starts itself again under torchrun; it ends with one result and leaves its curves."""
    save_weights(tmp_path / "base.safetensors", base)
    (tmp_path / "q.toml").write_text(
        'name = "q"\nimages = 480\nclasses = 4\nunlabelled = 4\nvalidations = 1\ndrawn_characters = false\n'
    )
    (tmp_path / "extra.json").write_text('{"run": 7}')
    folder = tmp_path / "run"
    options = ["--weights", str(tmp_path / "base.safetensors"), "--folder", str(folder), "--device", "cpu"]
    options += [
        "--processes",
        "2",
        "--record",
        str(tmp_path / "extra.json"),
        "--leave-with-input",
        "--objective",
        "triplet",
    ]
    arguments = [sys.executable, "-m", "retrieval", "tune", str(tmp_path / "q.toml"), str(listed), *options]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    root = Path(__file__).parents[4]
    process = subprocess.Popen(arguments, cwd=root, env=environment, stdin=subprocess.PIPE, stderr=-1)
    # With standard input open: closing it would ask the run to leave.
    written = process.stderr.read().decode()
    process.wait()
    process.stdin.close()
    assert process.returncode == 0, written[-2000:]
    record = load_weights(folder / "weights.safetensors").record
    assert (record["processes"], record["images"], record["batches"]) == (2, 480, 20)
    assert (record["config"], record["objective"]) == ("q-triplet", "triplet")
    assert json.loads((folder / "result.json").read_text())["record"]["run"] == 7
    assert [point["batch"] for point in Points(folder / "points.jsonl").read()] == [0, 10, 20]
