import csv
import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from retrieval import cli
from tests.retrieval.evaluate.fakes import use_fake_embedder
from tests.retrieval.evaluate.folders import write_set


@pytest.fixture
def folder(tmp_path):
    return write_set(tmp_path / "small")


@pytest.fixture
def run(capsys):
    """Run a command in this process; returns (exit status, standard output, standard error)."""

    def run(*arguments):
        try:
            status = cli.main([str(one) for one in arguments])
        except SystemExit as stopped:
            status = stopped.code
        return status, *capsys.readouterr()

    return run


def matched(path):
    with path.open(newline="") as file:
        return {row["query"]: row["label"].split(",") for row in csv.DictReader(file)}


def match(run, folder, out, *more):
    return run(
        "match",
        folder / "database",
        folder / "queries",
        "--out",
        out,
        "--method",
        "hog",
        "--jobs",
        "0",
        *more,
    )


def test_match_writes_five_names_a_query_in_natural_order(run, folder, tmp_path):
    out = tmp_path / "pred.csv"
    status, stdout, stderr = match(run, folder, out)
    assert (status, stdout) == (0, "")
    assert "12 of 12 queries matched with 6 items" in stderr
    lines = out.read_bytes().split(b"\r\n")
    assert lines[0] == b"query,label"
    assert lines[1].startswith(b'0.png,"0.stl,')
    rows = matched(out)
    assert list(rows) == [f"{number}.png" for number in range(12)]
    assert all(len(set(names)) == 5 for names in rows.values())
    assert [rows[f"{2 * item}.png"][0] for item in range(6)] == [f"{item}.stl" for item in range(6)]


def test_match_with_the_model_reads_blocks_as_they_print(run, folder, tmp_path, monkeypatch):
    use_fake_embedder(monkeypatch)
    out = tmp_path / "pred.csv"
    status, _, _ = run("match", folder / "database", folder / "queries", "--out", out, "--jobs", "0")
    assert status == 0
    rows = matched(out)
    assert [rows[f"{2 * item}.png"][0] for item in range(6)] == [f"{item}.stl" for item in range(6)]


def test_match_with_the_shipped_model(run, folder, tmp_path):
    out = tmp_path / "pred.csv"
    status, _, stderr = run("match", folder / "database", folder / "queries", "--out", out, "--jobs", "0")
    assert status == 0
    assert "12 of 12 queries matched" in stderr
    assert all(len(set(names)) == 5 for names in matched(out).values())


def test_match_names_what_it_cannot_read_and_goes_on(run, folder, tmp_path):
    (folder / "database" / "2.stl").write_bytes(b"")
    (folder / "database" / "labels.txt").write_text("no mesh")
    (folder / "queries" / "3.png").write_bytes(b"GIF89a")
    (folder / "queries" / ".DS_Store").write_bytes(b"")
    status, _, stderr = match(run, folder, tmp_path / "pred.csv")
    assert status == 0
    assert "left out: 2.stl" in stderr
    assert "left out: 3.png is damaged" in stderr
    assert "labels.txt" not in stderr
    rows = matched(tmp_path / "pred.csv")
    assert rows["3.png"] == [""]
    assert len(rows) == 12
    assert all("2.stl" not in names for names in rows.values())


def test_match_reads_zips(run, folder, tmp_path):
    for name in ("database", "queries"):
        shutil.make_archive(tmp_path / name, "zip", folder / name)
    out = tmp_path / "pred.csv"
    status, _, _ = run(
        "match", tmp_path / "database.zip", tmp_path / "queries.zip", "--out", out, "--method", "hog"
    )
    assert status == 0
    assert matched(out)["4.png"][0] == "2.stl"


def test_a_small_database_gives_what_it_has(run, folder, tmp_path):
    for item in range(2, 6):
        (folder / "database" / f"{item}.stl").unlink()
    match(run, folder, tmp_path / "pred.csv")
    assert all(len(names) == 2 for names in matched(tmp_path / "pred.csv").values())


def test_match_fails_only_when_nothing_matches(run, folder, tmp_path):
    out = tmp_path / "pred.csv"
    for path in (folder / "queries").iterdir():
        path.write_bytes(b"junk")
    status, _, _ = match(run, folder, out)
    assert status == 1
    assert all(names == [""] for names in matched(out).values())
    out.write_text("kept")
    for path in (folder / "database").iterdir():
        path.write_bytes(b"junk")
    status, _, stderr = match(run, folder, out)
    assert status == 1
    assert "error: not one mesh" in stderr
    assert out.read_text() == "kept"


@pytest.mark.parametrize(
    ("database", "queries", "out", "words"),
    [
        ("nowhere", "queries", "pred.csv", "there is no file or folder"),
        ("database", "empty", "pred.csv", "holds no pictures"),
        ("empty", "queries", "pred.csv", "holds no meshes"),
        ("labels.csv", "queries", "pred.csv", "neither a folder nor a zip"),
        ("database", "queries", "empty", "is a folder"),
        ("database", "queries", "missing/pred.csv", "there is no folder"),
    ],
)
def test_wrong_paths_end_in_one_line_and_a_hint(run, folder, database, queries, out, words):
    (folder / "empty").mkdir()
    status, stdout, stderr = run(
        "match", folder / database, folder / queries, "--out", folder / out, "--method", "hog", "--quiet"
    )
    assert (status, stdout) == (1, "")
    first, second = stderr.splitlines()
    assert first.startswith("error: ")
    assert words in first
    assert second.startswith("hint: ")


def test_evaluate_prints_a_table_and_writes_json(run, folder, tmp_path):
    out = tmp_path / "report.json"
    status, stdout, stderr = run("evaluate", folder, "--method", "hog", "--jobs", "0", "--json", out)
    assert status == 0
    assert "small: 6 items, 12 queries; method hog" in stdout
    assert [line.split()[0] for line in stdout.splitlines()[3:6]] == ["all", "print", "style"]
    assert "12/12" in stderr
    held = json.loads(out.read_text())
    assert held["by_kind"]["print"]["mrr_at_5"]["mean"] == 1


def test_evaluate_writes_json_alone_to_standard_output(run, folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        for path in folder.rglob("*"):
            file.write(path, path.relative_to(folder))
    status, stdout, _ = run(
        "evaluate", tmp_path / "set.zip", "--method", "template", "--json", "-", "--quiet"
    )
    assert status == 0
    assert json.loads(stdout)["set_name"] == "set"


def test_evaluate_refuses_labels_that_name_missing_items(run, folder):
    (folder / "database" / "3.stl").unlink()
    status, _, stderr = run("evaluate", folder, "--method", "hog", "--quiet")
    assert status == 1
    assert "name 1 items that are not in database/: 3.stl" in stderr


def test_weights_that_are_not_there(run, folder, tmp_path):
    status, _, stderr = run("evaluate", folder, "--weights", tmp_path / "none.safetensors", "--quiet")
    assert status == 1
    assert stderr.startswith("error: ")
    assert "none.safetensors" in stderr


@pytest.mark.parametrize("arguments", [[], ["fly"], ["match", "a"], ["evaluate", "a", "--method", "magic"]])
def test_wrong_use_is_explained(run, arguments):
    status, stdout, stderr = run(*arguments)
    assert (status, stdout) == (2, "")
    assert "usage:" in stderr


@pytest.mark.parametrize("jobs", ["-1", "two", "1.5"])
def test_jobs_is_a_number(run, folder, jobs):
    status, _, stderr = run("evaluate", folder, f"--jobs={jobs}")
    assert status == 2
    assert "a whole number from 0 is wanted" in stderr


@pytest.mark.parametrize("command", ["match", "evaluate", "train"])
def test_help_explains_each_command(run, command):
    status, stdout, _ = run(command, "--help")
    assert status == 0
    assert f"python -m retrieval {command}" in stdout


def test_starts_without_loading_torch():
    code = (
        "import sys; from retrieval.cli import main; main(['evaluate', 'x']); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_runs_as_a_module(folder):
    command = [sys.executable, "-m", "retrieval", "evaluate", str(folder), "--method", "hog"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "MRR@5" in done.stdout
    assert "Traceback" not in done.stderr
