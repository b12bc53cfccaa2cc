"""``manage.py import_gallery``: a folder becomes items that can be found, whatever happens on the way."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import meshes
from tests.tables import tables_copy
from webapp.config.env import ROOT
from webapp.gallery.models import Import, Item
from webapp.jobs.models import Job


@pytest.fixture
def folder(tmp_path):
    """Meshes in two folders, a zip, and what else lies about."""
    path = tmp_path / "blocks"
    (path / "阮攸").mkdir(parents=True)
    for seed in range(3):
        (path / f"{seed}.stl").write_bytes(meshes.block(seed, cells=24))
    (path / "阮攸" / "傳翹.ply").write_bytes(meshes.block(3, "ply", cells=24))
    (path / "broken.stl").write_bytes(meshes.block(4)[:500])
    (path / "copy of 0.stl").write_bytes(meshes.block(0, cells=24))
    (path / "readme.txt").write_text("read me")
    (path / "empty.obj").write_bytes(b"")
    (path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    with zipfile.ZipFile(path / "more.zip", "w") as archive:
        archive.writestr("in/5.obj", meshes.block(5, "obj", cells=24))
        archive.writestr("in/inner.zip", b"PK\x03\x04....")
        archive.writestr("in/notes.docx", b"PK\x03\x04....")
    return path


def run(folder, *arguments):
    """The command in this process; its exit code and what it wrote."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_gallery", str(folder), "--processes", "0", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue(), err.getvalue()


@pytest.mark.django_db(transaction=True)
class TestAFolder:
    @pytest.fixture(autouse=True)
    def _ready(self, release, curator):
        pass

    def test_every_mesh_becomes_an_item_and_every_refusal_has_its_reason(self, folder):
        code, out, err = run(folder)
        ready = Item.objects.filter(state="ready")
        assert sorted(ready.values_list("name", flat=True)) == [
            "0.stl",
            "1.stl",
            "2.stl",
            "in/5.obj",
            "阮攸/傳翹.ply",
        ]
        assert all(item.vectors.exists() for item in ready)
        assert code == 1
        assert re.search(r"broken\.stl: .+\(.+\)", err)
        for name in ("readme.txt", "empty.obj", "in/inner.zip", "in/notes.docx"):
            assert f"{name}: " in err
        assert ".DS_Store" not in err
        assert "copy of 0.stl" not in err
        assert "5 items of this folder can be found" in out

    def test_run_again_it_does_only_what_is_left(self, folder):
        run(folder)
        before = list(Item.objects.filter(state="ready").values_list("pk", flat=True))
        jobs = Job.objects.filter(kind="items.prepare").count()
        for name in ("broken.stl", "readme.txt", "empty.obj", "more.zip"):
            (folder / name).unlink()
        (folder / "9.stl").write_bytes(meshes.block(9, cells=24))
        Item.objects.filter(state="rejected").delete()
        Import.objects.get().left_out.all().delete()
        code, out, _ = run(folder)
        assert code == 0
        assert "5 files were there before" in out
        assert Import.objects.count() == 1
        assert Item.objects.filter(state="ready").count() == len(before) + 1
        assert Job.objects.filter(kind="items.prepare").count() == jobs + 1

    def test_a_mesh_that_was_refused_is_tried_again(self, folder):
        run(folder)
        item = Item.objects.get(name="broken.stl")
        assert item.state == "rejected"
        Job.objects.all().delete()
        run(folder)
        assert Job.objects.filter(kind="items.prepare", payload__items=[item.pk]).exists()

    def test_characters_are_set_and_bad_lines_named(self, folder, tmp_path):
        result = tmp_path / "characters.csv"
        result.write_text(
            "item,codepoint\n0.stl,U+583D\n1,U+28DF9\n傳翹.ply,U+845B U+E0100\n"
            "2.stl,583D\nnone.stl,U+583D\n5.obj,U+4E00\n",
            encoding="utf-8-sig",
        )
        code, out, err = run(folder, "--characters", str(result))
        known = dict(Item.objects.exclude(character="").values_list("name", "character"))
        assert known == {
            "0.stl": "堽",
            "1.stl": "\U00028df9",
            "阮攸/傳翹.ply": "葛\U000e0100",
            "in/5.obj": "一",
        }
        assert "4 items were given their character" in out
        assert "line 5: '583D' is not a codepoint" in err
        assert "line 6: no item is called none.stl" in err
        assert code == 1

    def test_a_good_folder_ends_well(self, tmp_path):
        (tmp_path / "1.stl").write_bytes(meshes.block(1, cells=24))
        assert run(tmp_path)[0] == 0

    def test_an_index_is_built_where_one_is_due(self, folder, monkeypatch):
        monkeypatch.setattr("webapp.search.selectors.EXACT_IS_FAST_TO", 3)
        monkeypatch.setattr("workers.tasks.search.index_build.EXACT_IS_FAST_TO", 3)
        _, out, _ = run(folder)
        assert "Building the index." in out
        assert Job.objects.get(kind="index.build").state == "done"

    def test_rebuild_makes_everything_anew(self, folder, data):
        run(folder)
        shutil.rmtree(data / "derived")
        out, err = StringIO(), StringIO()
        call_command("rebuild", "--processes", "0", stdout=out, stderr=err)
        assert "5 items can be found; 1 are refused" in out.getvalue()
        assert "broken.stl" in err.getvalue()
        assert len(list((data / "derived" / "items").iterdir())) == 5

    def test_what_cannot_be_followed_is_said_before_anything_is_done(self, folder, tmp_path):
        with pytest.raises(CommandError, match="no folder"):
            run(tmp_path / "nowhere")
        with pytest.raises(CommandError, match="cannot be read"):
            run(folder, "--characters", str(tmp_path / "nowhere.csv"))
        bad = tmp_path / "bad.csv"
        bad.write_text("name,code\n")
        with pytest.raises(CommandError, match="line 1 names no column item and no column codepoint"):
            run(folder, "--characters", str(bad))
        bad.write_bytes(b"item,codepoint\n\xff\xfe,U+583D\n")
        with pytest.raises(CommandError, match="line 2 is not UTF-8"):
            run(folder, "--characters", str(bad))
        with pytest.raises(CommandError, match="is a curator"):
            run(folder, "--user", "nobody")
        assert not Item.objects.exists()


@pytest.mark.django_db
def test_without_a_model_it_says_what_to_do(tmp_path, curator):
    with pytest.raises(CommandError, match=r"manage\.py setup"):
        run(tmp_path)


class Installation:
    """One of its own, for a command in a process of its own."""

    def __init__(self, path: Path) -> None:
        self.data = path / "var"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
        tables_copy(self.data / "db.sqlite3")
        self.environment = kept | {"MOCBAN_DATA": str(self.data), "MOCBAN_LEASE_SECONDS": "3"}

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments: str) -> tuple[int, str]:
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=600)
        return process.returncode, out

    def count(self, sql: str) -> int:
        with sqlite3.connect(self.data / "db.sqlite3", timeout=30) as connection:
            return connection.execute(sql).fetchone()[0]


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(found, within=500.0):
    over = time.monotonic() + within
    while time.monotonic() < over:
        if found():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_killed_twice_in_the_middle_nothing_is_lost_and_nothing_done_twice(tmp_path):
    """SIGKILL of a process at work, then of the command; then the command again, with no worker running."""
    folder = tmp_path / "blocks"
    folder.mkdir()
    count = 72
    for seed in range(count):
        (folder / f"{seed}.stl").write_bytes(meshes.block(seed, cells=40))
    here = Installation(tmp_path)
    code, out = here.manage("setup")
    assert code == 0, out

    command = here.start("import_gallery", str(folder), "--processes", "2")
    ready = "select count(*) from gallery_item where state='ready'"
    running = "select count(*) from jobs_job where state='running'"
    until(lambda: here.count(ready) >= 16 and here.count(running))
    for pid in children(command.pid):
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
            break
    before = here.count(ready)
    until(lambda: here.count(ready) > before)
    members = children(command.pid)
    command.kill()
    command.communicate()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in members), within=120)
    assert here.count(ready) < count, "it was too fast to be killed"

    code, out = here.manage("import_gallery", str(folder), "--processes", "2")
    assert code == 0, out
    assert f"{count} items of this folder can be found" in out
    assert here.count("select count(*) from gallery_item") == count
    assert here.count("select count(distinct item_id) from gallery_itemvector") == count
    readings = "select count(*) from (select distinct item_id, mirrored, turn from gallery_itemvector)"
    assert here.count("select count(*) from gallery_itemvector") == here.count(readings)
    assert here.count("select count(*) from gallery_import") == 1
    assert here.count("select count(*) from jobs_job where state in ('queued', 'running')") == 0
    assert (
        sorted(path.name for path in (here.data / "derived" / "items").iterdir() if path.name[0] == ".") == []
    )
