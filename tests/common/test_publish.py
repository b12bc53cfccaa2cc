import pytest

from common import publish
from common.publish import publish_folder, write_aside


def test_a_file_appears_when_it_is_finished(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with write_aside(path) as aside:
        aside.write_text("one")
        assert not path.exists()
    assert path.read_text() == "one"
    with write_aside(path) as aside:
        aside.write_text("two")
        assert path.read_text() == "one"
    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]


def fail_half_way(path):
    path.write_text("half")
    raise RuntimeError


def test_what_failed_leaves_nothing_and_takes_nothing(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), write_aside(path) as aside:
        fail_half_way(aside)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_body_that_writes_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), write_aside(tmp_path / "a.txt"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_replaces_a_full_one(tmp_path):
    path = tmp_path / "index"
    for text in ("one", "two"):
        with write_aside(path) as aside:
            (aside / "deep").mkdir(parents=True)
            (aside / "deep" / "file").write_text(text)
        assert (path / "deep" / "file").read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_move_gives_the_old_one_back(tmp_path, monkeypatch):
    old, new = tmp_path / "index", tmp_path / "aside"
    old.mkdir()
    (old / "file").write_text("old")
    new.mkdir()

    real = publish.os.rename

    def rename(a, b):
        if a == new:
            raise OSError("no")
        real(a, b)

    monkeypatch.setattr(publish.os, "rename", rename)
    with pytest.raises(OSError, match="no"):
        publish_folder(new, old)
    assert (old / "file").read_text() == "old"
