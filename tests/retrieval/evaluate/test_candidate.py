"""The command that compares two models on a set."""

import argparse
import json

from retrieval.evaluate import candidate
from retrieval.models import shipped_weights
from tests.retrieval.evaluate.folders import write_set


def test_a_model_beside_itself_gains_nothing(tmp_path):
    folder = write_set(tmp_path / "small")
    (folder / "database" / "5.stl").write_bytes(b"")
    out = tmp_path / "out.json"
    parser = argparse.ArgumentParser()
    candidate.add_arguments(parser)
    weights = str(shipped_weights())
    arguments = [str(folder), "--weights", weights, "--json", str(out), "--jobs", "0"]
    assert candidate.run(parser.parse_args(arguments)) == 0
    found = json.loads(out.read_text())
    assert found["queries"] == 10, "block 5 cannot be read, nor its two prints be found"
    assert found["live"] == found["candidate"]
    assert found["live"]["recall_at_5"]["mean"] > 0.5
    assert found["gain"]["mrr_at_5"] == {"mean": 0, "low": 0, "high": 0}
    assert [one["name"] for one in found["slices"]] == ["print", "style"]
