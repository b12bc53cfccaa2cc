"""Every method of the shipped comparison, from drawing to its row, on a handful of made-up characters."""

import argparse
import dataclasses
import json
from pathlib import Path

import pytest

from common.errors import BadInput
from retrieval.compare import command
from retrieval.compare.config import Comparison, load_comparison
from retrieval.train.data.drawn_inputs import InputAmounts
from retrieval.train.data.mesh_cache import MeshAmounts
from retrieval.train.methods import method_training
from retrieval.train.methods.config import MethodSchedule
from tests.retrieval.evaluate.folders import write_set
from tests.retrieval.train.drawn import TINY, drawn_crops, drawn_glyphs

pytestmark = pytest.mark.xdist_group("comparison")  # its fixture takes long: one process makes it

_INPUTS = InputAmounts(characters=12, drawn=2, crops=1, rendered=1)
_SCHEDULE = MethodSchedule(images=60, pairs=8)
NAMES = [one.name for one in load_comparison("methods").methods]


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Path:
    return write_set(tmp_path_factory.mktemp("set") / "blocks", items=3)


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    """One folder for all methods: what is drawn for the first serves the others."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(autouse=True)
def tiny(monkeypatch) -> Comparison:
    """The shipped comparison, with a tiny network and a few batches of made-up characters."""
    shipped = load_comparison("methods")
    meshes = MeshAmounts(parts=1, each=3)
    small = dataclasses.replace(shipped, shape=TINY, meshes=meshes, inputs=_INPUTS, schedule=_SCHEDULE)
    monkeypatch.setattr(command, "load_comparison", lambda name: small)
    monkeypatch.setattr(command, "cached_glyphs", lambda *_, **__: drawn_glyphs())
    monkeypatch.setattr("retrieval.train.data.training_data.read_crops", lambda path: drawn_crops())
    return small


def compared(folder: Path, bench: Path, *more: str) -> list[dict]:
    """The rows of one command."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    usual = ["methods", "--sets", str(bench), "--folder", str(folder), "--crops", "x.zip", "--jobs", "0"]
    assert command.run(parser.parse_args([*usual, "--device", "cpu", *more])) == 0
    return json.loads((folder / "results.json").read_text())["rows"]


@pytest.mark.parametrize("name", NAMES)
def test_every_method_by_its_name_gives_its_rows(name, work, bench, tiny):
    rows = [row for row in compared(work, bench, "--only", name) if row["method"] == name]
    one = next(one for one in tiny.methods if one.name == name)
    if one.quoted:
        assert [row["mrr_at_5"]["mean"] for row in rows] == [scores["mrr_at_5"] for scores in one.quoted]
        return
    wanted = [(search, kind) for search in one.searches for kind in ("all", "print", "style")]
    assert [(row["search"], row["kind"]) for row in rows] == wanted
    for row in rows:
        assert 0 <= row["mrr_at_5"]["low"] <= row["mrr_at_5"]["mean"] <= row["mrr_at_5"]["high"] <= 1
        assert row["queries"] == (6 if row["kind"] == "all" else 3)
        assert (row["training"] is not None) == (one.training is not None)
        if one.training:
            assert row["training"]["images"] >= 60
            assert row["training"]["processor_seconds"] > 0


def test_a_second_run_trains_nothing_and_a_kill_loses_only_one_method(tmp_path, bench, monkeypatch):
    """Killed in the second method's training, the command keeps the first one's weights and row."""
    train, trained = method_training.TrainingLoop.train, []

    def counted(loop, *arguments):
        name = loop._checkpoint.name.split("-")[0]
        if name == "triplet" and not killed:
            raise KeyboardInterrupt
        trained.append(name)
        return train(loop, *arguments)

    monkeypatch.setattr(method_training.TrainingLoop, "train", counted)
    killed: list[bool] = []
    with pytest.raises(KeyboardInterrupt):
        compared(tmp_path, bench, "--only", "contrastive", "triplet", "hog")
    kept = json.loads((tmp_path / "results.json").read_text())["rows"]
    # Rows come in the order of the configuration, in which hog is before both.
    assert [row["method"] for row in kept] == ["hog"] * 3 + ["contrastive"] * 3
    killed.append(True)
    rows = compared(tmp_path, bench, "--only", "contrastive", "triplet", "hog")
    assert trained == ["contrastive", "triplet"]
    assert next(row for row in rows if row["method"] == "contrastive")["training"] == kept[3]["training"]
    assert compared(tmp_path, bench, "--only", "triplet")
    assert trained == ["contrastive", "triplet"]


def test_the_memory_row_shares_the_weights_of_the_row_before(work, bench):
    compared(work, bench, "--only", "margin-rendered", "margin-memory")
    assert len(list((work / "methods").glob("margin-rendered-*.safetensors"))) == 1
    assert not list((work / "methods").glob("margin-memory-*"))


def test_unknown_names_are_refused_with_the_list(tmp_path, bench):
    with pytest.raises(BadInput, match="no method magic") as caught:
        compared(tmp_path, bench, "--only", "hog", "magic")
    assert "triplet" in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_the_tables_go_into_a_page_between_its_marks(work, bench, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Before.\n\n<!-- tables -->\nold\n<!-- end of tables -->\n\nAfter.\n")
    compared(work, bench, "--only", "hog", "--page", str(page))
    text = page.read_text()
    assert text.startswith("Before.\n\n<!-- tables -->\n\n**Classical features**")
    assert text.endswith("|\n\n<!-- end of tables -->\n\nAfter.\n")
    assert "old" not in text
    page.write_text("No marks.")
    with pytest.raises(BadInput, match="no place for tables"):
        compared(work, bench, "--only", "hog", "--page", str(page))


def test_the_markdown_table_has_a_line_a_method_and_search(work, bench):
    compared(work, bench, "--only", "classifier", "recogniser")
    table = (work / "results.md").read_text()
    assert table.count("| classifier | ") == 4
    assert "| classifier | kl | " in table
    assert "| text recogniser and look-up |  | 0.319 (quoted) | 0.338 (quoted) |" in table
