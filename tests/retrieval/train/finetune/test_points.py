"""The points of a run's curves."""

from pathlib import Path

import pytest

from retrieval.train.finetune.points import Points


def test_points_are_cut_where_a_run_goes_on(tmp_path: Path) -> None:
    """What a killed run wrote of later batches goes, and so does a line that was cut short."""
    points = Points(tmp_path / "points.jsonl")
    points.begin(0, lambda: {"mrr": 0.5})
    for batch in (10, 20, 30):
        points.add({"batch": batch, "share": 0.1, "seconds": 1.0, "loss": 2.0})
    with (tmp_path / "points.jsonl").open("a") as file:
        file.write('{"batch": 40, "sha')
    points.begin(20, lambda: pytest.fail("the beginning is written already"))
    assert [point["batch"] for point in points.read()] == [0, 10, 20]
    assert points.read()[0]["mrr"] == 0.5
