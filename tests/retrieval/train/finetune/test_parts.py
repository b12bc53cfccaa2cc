"""What a fine-tuning run is made of, piece by piece."""

from pathlib import Path

import numpy as np
import pytest

from common.errors import BadInput
from retrieval.embed.confidence import calibration_error, confidence
from retrieval.train.finetune.config import load_tune, tune_names
from retrieval.train.finetune.points import Points
from retrieval.train.finetune.validation import _fit


def test_few_answers_move_the_confidence_a_little() -> None:
    """By scale and height alone: an overconfident model is set right, a right one left as it is."""
    random = np.random.default_rng(0)
    near = np.sort(random.uniform(0.1, 0.9, (200, 5)), axis=1)
    was = [4.0, -12.0, 0.0, 0.0, 0.0]
    truth = random.random(near.shape) < confidence(near, was)
    kept = _fit(near, truth, was)
    assert np.allclose(kept, was, rtol=0.25, atol=0.5)
    wrong = [8.0, -12.0, 0.0, 0.0, 0.0]
    fitted = confidence(near, _fit(near, truth, wrong)).ravel()
    assert (
        calibration_error(fitted, truth.ravel())
        < 0.05
        < calibration_error(confidence(near, wrong).ravel(), truth.ravel())
    )


def test_points_are_cut_where_a_run_goes_on(tmp_path: Path) -> None:
    """What a killed run told of later batches goes, and so does a line that was cut short."""
    points = Points(tmp_path / "points.jsonl")
    points.begin(0, lambda: {"mrr": 0.5})
    for batch in (10, 20, 30):
        points.add({"batch": batch, "share": 0.1, "seconds": 1.0, "loss": 2.0})
    with (tmp_path / "points.jsonl").open("a") as file:
        file.write('{"batch": 40, "sha')
    points.begin(20, lambda: pytest.fail("the beginning is told already"))
    assert [point["batch"] for point in points.read()] == [0, 10, 20]
    assert points.read()[0]["mrr"] == 0.5


def test_every_recipe_can_be_read(tmp_path: Path) -> None:
    """And a mistyped one is refused by name."""
    assert {load_tune(name).name for name in tune_names()} == set(tune_names())
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\nimages = 1\nrat = 2')
    with pytest.raises(BadInput, match="rat"):
        load_tune(str(path))
    with pytest.raises(BadInput, match="no recipe"):
        load_tune("nothing")
