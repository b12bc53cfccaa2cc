"""Fine-tuning: what was interrupted ends as what was not, and little is forgotten."""

import argparse
import dataclasses
import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from common.errors import BadInput
from retrieval.embed import Embedder
from retrieval.models import Net, Weights, load_weights, save_weights
from retrieval.preprocess import Recipe
from retrieval.train.data.validation_set import Development, Queries
from retrieval.train.finetune import command as tune
from retrieval.train.finetune import drawn_validation
from retrieval.train.finetune.command import blended, finished
from retrieval.train.finetune.config import TuneConfig
from retrieval.train.finetune.finetuning import TuneBatches, Tuning
from retrieval.train.finetune.points import Points
from retrieval.train.finetune.training_pairs import Lessons, dark_on_light, read_lessons
from retrieval.train.finetune.validation import Validation, Worth
from retrieval.train.runtime.graceful_stop import left_by
from retrieval.train.runtime.loop import Left, Progress
from tests.retrieval.train.drawn import TINY, strokes

CODES = range(0x4E01, 0x4E15)
CONFIG = TuneConfig("t", images=12 * 8, classes=4, others=4, keep_every=0.0, rate=3e-3)


def ink(code: int, weight: int) -> np.ndarray:
    """A made-up character with margins, (84, 76) bool."""
    return np.pad(strokes(code, weight), 10)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two prints of each of twenty blocks, every fourth block asked, and five blocks more."""
    folder = tmp_path_factory.mktemp("lessons")
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
            told = {"kind": "pair", "side": side, "print": str(print_), "query": f"{code}-{copy}"}
            lines.append({**told, **block})
    path = folder / "lessons.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def lessons(listed: Path) -> Lessons:
    """Read."""
    return read_lessons(listed)


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


def tensors(net: Net) -> dict[str, torch.Tensor]:
    """All of a network's tensors, copied."""
    return {key: value.clone() for key, value in net.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether two networks are the same to the last bit."""
    return all(torch.equal(value, other[key]) for key, value in one.items())


def leaves_after(batches: int):
    """Asks a run to leave before its batch of this number."""
    asked = iter(range(10**6))
    return lambda: next(asked) >= batches


def test_lessons_are_read_as_they_are_listed(lessons: Lessons) -> None:
    """Classes are of blocks, sides stay apart, mirrored blocks read as their prints do."""
    assert (len(lessons.train), len(lessons.validation)) == (24, 6)
    assert len(np.unique(lessons.train.labels)) == 12
    assert lessons.codepoints.tolist() == [code for n, code in enumerate(CODES[:15]) if n % 4 != 3]
    assert len(lessons.other_heights) == 5
    first = lessons.heights[lessons.train.heights[0]]
    assert first[:, :20].mean() > first[:, -20:].mean()  # the stroke at the left side
    assert lessons.missing == 0


def test_labels_that_share_a_block_are_of_one_class(listed: Path, tmp_path: Path) -> None:
    """A print that matches two blocks joins their classes; its character is then no one's."""
    lines = [json.loads(line) for line in listed.read_text().splitlines()]
    both = {**lines[2], "print": lines[0]["print"], "query": lines[0]["query"]}
    path = tmp_path / "l.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, both]))
    lessons = read_lessons(path)
    assert len(np.unique(lessons.train.labels)) == 11
    assert 0 in lessons.codepoints


def test_files_that_are_gone_are_left_out_and_counted(listed: Path, tmp_path: Path) -> None:
    """One print is gone, one height map empty; without any pair there is nothing to learn."""
    lines = [json.loads(line) for line in listed.read_text().splitlines()]
    (tmp_path / "empty.png").write_bytes(b"")
    lines[0]["print"], lines[3]["height"] = str(tmp_path / "gone.png"), str(tmp_path / "empty.png")
    path = tmp_path / "l.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert (len(read_lessons(path).train), read_lessons(path).missing) == (22, 2)
    path.write_text(json.dumps(lines[0]))
    with pytest.raises(BadInput, match="no label"):
        read_lessons(path)
    path.write_text('{"kind": "pair"')
    with pytest.raises(BadInput, match="no list"):
        read_lessons(path)


def test_white_ink_is_turned() -> None:
    """Both polarities end as dark on light."""
    dark = np.where(ink(0x4E05, 4), 40, 210).astype(np.uint8)
    assert np.array_equal(dark_on_light(dark), dark)
    assert np.array_equal(dark_on_light(255 - dark), dark)


@pytest.mark.parametrize("batch", [1, 4, 7])
def test_interrupted_anywhere_it_ends_as_uninterrupted(
    lessons: Lessons, base: Weights, tmp_path: Path, batch: int
) -> None:
    """Asked to leave before a batch and started again, the network is the same to the last bit."""
    whole = Tuning(CONFIG, base, lessons, tmp_path / "whole")
    expected = tensors(whole.train())
    with pytest.raises(Left):
        Tuning(CONFIG, base, lessons, tmp_path / "parts").train(leave=leaves_after(batch))
    resumed = Tuning(CONFIG, base, lessons, tmp_path / "parts")
    assert same(tensors(resumed.train()), expected)
    assert resumed.record["batches"] == whole.record["batches"] == 8


@pytest.mark.parametrize("batch", [0, 3, 7])
def test_killed_between_two_checkpoints_it_ends_the_same(
    lessons: Lessons, base: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """What was learned since the last checkpoint is learned again, to the last bit."""
    expected = tensors(Tuning(CONFIG, base, lessons, tmp_path / "whole").train())
    killed = Tuning(CONFIG, base, lessons, tmp_path / "parts")
    keep, learn = killed._keep, killed._learn

    def learn_and_die(*told: object) -> float:
        loss = learn(*told)
        if killed.record["batches"] == batch:
            raise KeyboardInterrupt
        return loss

    monkeypatch.setattr(killed, "_learn", learn_and_die)
    monkeypatch.setattr(killed, "_keep", lambda: keep() if killed.record["batches"] % 2 == 0 else None)
    with pytest.raises(KeyboardInterrupt):
        killed.train()
    assert same(tensors(Tuning(CONFIG, base, lessons, tmp_path / "parts").train()), expected)


@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_checkpoint_costs_a_checkpoint(
    lessons: Lessons, base: Weights, tmp_path: Path, damaged: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on from the one before, or anew where both are damaged, to the very same end."""
    expected = tensors(Tuning(CONFIG, base, lessons, tmp_path / "whole").train())
    with pytest.raises(Left):
        Tuning(CONFIG, base, lessons, tmp_path / "parts").train(leave=leaves_after(5))
    files = sorted((tmp_path / "parts").iterdir())
    assert [path.name for path in files] == ["t.checkpoint.before", "t.checkpoint.safetensors"]
    for path in files[::-1][:damaged]:
        path.write_bytes(path.read_bytes()[:5000])
    resumed = Tuning(CONFIG, base, lessons, tmp_path / "parts")
    begun = []
    resumed.on_start = begun.append
    assert same(tensors(resumed.train()), expected)
    assert begun == ([0] if damaged == 2 else [5])
    assert ("beginning anew" in caplog.text) == (damaged == 2)


def test_it_learns_and_stays_near(lessons: Lessons, base: Weights, tmp_path: Path) -> None:
    """The loss falls; held by "keep", vectors stay nearer to the old network's than without."""
    losses: list[Progress] = []
    config = dataclasses.replace(CONFIG, images=12 * 101, epochs=1000, keep_every=1e9)
    held = Tuning(config, base, lessons, tmp_path / "held").train(losses.append)
    assert np.mean([one.loss for one in losses[-3:]]) < 0.8 * losses[0].loss
    loose = dataclasses.replace(config, keep=0.0)
    free = Tuning(loose, base, lessons, tmp_path / "free").train()
    validation = Validation(base, lessons)
    assert validation.worth(base.net, None).kept == pytest.approx(1)
    assert validation.worth(held, None).kept > validation.worth(free, None).kept + 0.02


def test_few_labels_are_not_learned_by_heart(lessons: Lessons, base: Weights, tmp_path: Path) -> None:
    """A run ends early once it has seen each of its 24 pairs as often as the recipe says."""
    twice = Tuning(dataclasses.replace(CONFIG, images=10**6, epochs=2), base, lessons, tmp_path)
    twice.train()
    assert (twice.batches, twice.record["batches"], twice.record["images"]) == (12, 12, 144)


def test_batches_are_of_the_training_side_alone(lessons: Lessons) -> None:
    """No batch holds a print or a block of the validation side, and each has its classes once."""
    seen_prints, seen_heights = set(), set()

    class Watched(TuneBatches):
        def _print(self, place, *rest):
            seen_prints.add(int(place))
            return super()._print(place, *rest)

        def _height(self, place, *rest):
            seen_heights.add(int(place))
            return super()._height(place, *rest)

    batches = iter(Watched(lessons, CONFIG, Recipe(size=32), start=0, turn=0, turns=1))
    for _ in range(20):
        inputs, labels = next(batches)
        assert inputs.shape == (12, 1, 32, 32)
        assert len(set(labels.tolist())) == 4
    assert not seen_prints & set(lessons.validation.prints.tolist())
    assert not seen_heights & set(lessons.validation.heights.tolist())


def test_new_characters_get_directions(lessons: Lessons, base: Weights, tmp_path: Path) -> None:
    """Known ones keep theirs; those of the training side that are new stand behind them."""
    tuning = Tuning(CONFIG, base, lessons, tmp_path)
    known = set(base.codepoints.tolist())
    new = [code for code in lessons.codepoints.tolist() if code not in known]
    assert new
    assert tuning.codepoints.tolist() == [*base.codepoints.tolist(), *new]
    assert torch.allclose(tuning.characters.norm(dim=1), torch.ones(12 + len(new)))
    plain = dataclasses.replace(base, characters=None, codepoints=None)
    assert Tuning(CONFIG, plain, lessons, tmp_path / "plain").characters is None


def test_the_finished_weights_are_whole(lessons: Lessons, base: Weights, tmp_path: Path) -> None:
    """They load, say where they come from, and lie between the old network and the tuned one."""
    tuning = Tuning(CONFIG, base, lessons, tmp_path)
    smooth = tuning.train()
    weights = finished(tuning, base, smooth, Validation(base, lessons), CONFIG, name="new")
    save_weights(tmp_path / "w.safetensors", weights)
    again = load_weights(tmp_path / "w.safetensors")
    assert again.record["base"] == {"name": "base", "fingerprint": "f" * 16}
    assert again.record["blend"] in (0.25, 0.5, 0.75, 1.0)
    assert again.record["validation"]["queries"] == 6
    assert again.calibration["memory"] == [20.0, 0.5]
    assert Embedder(again, "cpu").embed_prints([np.full((40, 40), 200, np.uint8)]).shape == (1, TINY.width)
    assert same(tensors(blended(base.net, smooth, 0.0)), tensors(base.net))
    assert same(tensors(blended(base.net, smooth, 1.0)), tensors(smooth))


def tried(share: float, mrr: float, drawn: float | None) -> tune._Tried:
    """Weights so far on the way, of which nothing else is known."""
    return tune._Tried(share, None, Worth(mrr, 1.0), drawn)


def test_the_way_is_gone_as_far_as_it_helps() -> None:
    """By the validation side; of equals the nearer one; what forgets drawn characters does not count."""
    far, half = tried(1.0, 0.9, 0.80), tried(0.5, 0.8, 0.95)
    assert tune._best([half, far], True) is far
    assert (far.forgets(0.82), far.forgets(0.805), far.forgets(None)) == (True, False, False)
    assert tune._best([half, tried(0.75, 0.8, None)], True) is half
    assert tune._best([tried(0.25, None, None), half, far], False) is half


def test_without_typefaces_nothing_drawn_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a damaged file of them is drawn again."""
    monkeypatch.setattr(drawn_validation, "find_faces", lambda folders: [])
    (tmp_path / drawn_validation._NAME).write_bytes(b"no set")
    assert drawn_validation.drawn_set(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_drawn_characters_are_asked_of_every_kind(base: Weights) -> None:
    """One reciprocal rank for each query, none of it beyond the fifth place."""
    random = np.random.default_rng(0)
    heights = list(random.random((8, 96, 96)).astype(np.float32))
    pictures = [np.where(ink(code, 4), 40, 210).astype(np.uint8) for code in range(8)]
    kinds = {"new": Queries(pictures[:3], np.arange(3)), "known": Queries(pictures[3:], np.arange(3, 8))}
    worth = drawn_validation.drawn_worth(base, Development(heights, np.arange(8), kinds))
    assert worth.shape == (8,)
    assert set(worth.round(3)) <= {0.0, 0.2, 0.25, 0.333, 0.5, 1.0}


def test_it_leaves_when_its_starter_does() -> None:
    """Whoever holds the other end may write to it; only its end counts."""
    reading, writing = os.pipe()
    left = left_by(reading, patience=1e6)
    os.write(writing, b"x")
    assert not left()
    os.close(writing)
    over = time.monotonic() + 10
    while not left() and time.monotonic() < over:
        time.sleep(0.01)
    assert left()


def test_a_full_disk_is_told(listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a file that the worker reads, so that it may try again once there is room."""

    def full(*told: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(tune, "_run", full)
    parser = argparse.ArgumentParser()
    tune.add_arguments(parser)
    assert tune.run(parser.parse_args(["trial", str(listed), "--folder", str(tmp_path)])) == 1
    assert json.loads((tmp_path / "error.json").read_text())["code"] == "disk_full"
    monkeypatch.setattr(tune, "_run", lambda *told: None)
    assert tune.run(parser.parse_args(["trial", str(listed), "--folder", str(tmp_path)])) == 0
    assert not (tmp_path / "error.json").exists()


@pytest.mark.timeout(300)
def test_two_processes_tune_one_network_by_the_command(listed: Path, base: Weights, tmp_path: Path) -> None:
    """The command starts itself again under torchrun; it ends with one result and tells how it went."""
    save_weights(tmp_path / "base.safetensors", base)
    (tmp_path / "q.toml").write_text(
        'name = "q"\nimages = 480\nclasses = 4\nothers = 4\nmeasured = 1\ndrawn = false\n'
    )
    (tmp_path / "told.json").write_text('{"run": 7}')
    folder = tmp_path / "run"
    told = ["--weights", str(tmp_path / "base.safetensors"), "--folder", str(folder), "--device", "cpu"]
    told += ["--processes", "2", "--record", str(tmp_path / "told.json"), "--leave-with-input"]
    command = [sys.executable, "-m", "retrieval", "tune", str(tmp_path / "q.toml"), str(listed), *told]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    root = Path(__file__).parents[4]
    process = subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.PIPE, stderr=-1)
    # With standard input open: closing it would ask the run to leave.
    said = process.stderr.read().decode()
    process.wait()
    process.stdin.close()
    assert process.returncode == 0, said[-2000:]
    record = load_weights(folder / "weights.safetensors").record
    assert (record["processes"], record["images"], record["batches"]) == (2, 480, 20)
    assert json.loads((folder / "result.json").read_text())["record"]["run"] == 7
    assert [point["batch"] for point in Points(folder / "points.jsonl").read()] == [0, 10, 20]
