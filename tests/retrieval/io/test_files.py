import zipfile
from pathlib import Path

import pytest

from common.errors import BadInput
from retrieval.io.files import open_files
from tests.common.archives.zips import Line, make_zip

WANTED = {"1.stl": b"one", "2.stl": b"two", "10.stl": b"ten", "inner/字 1.png": b"picture"}
JUNK = {".DS_Store": b"", "__MACOSX/._1.stl": b"", "inner/Thumbs.db": b"", ".git/x": b"", "desktop.ini": b""}


@pytest.fixture(params=["folder", "zip"])
def files(request, tmp_path):
    return open_files(written(tmp_path / "set", WANTED | JUNK, request.param))


def written(path: Path, content: dict[str, bytes], kind: str) -> Path:
    if kind == "zip":
        path = path.with_suffix(".zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in content.items():
                file.writestr(name, data)
        return path
    for name, data in content.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_lists_in_natural_order_without_junk(files):
    assert files.names == ("1.stl", "2.stl", "10.stl", "inner/字 1.png")
    assert files.name == "set"
    assert {name: files.read(name) for name in files.names} == WANTED


def test_a_missing_file_is_named(files):
    with pytest.raises(BadInput, match=r"11\.stl is missing"):
        files.read("11.stl")


def test_more_than_wanted_is_refused(files):
    assert files.read("1.stl", limit=3) == b"one"
    with pytest.raises(BadInput, match=r"1\.stl is larger"):
        files.read("1.stl", limit=2)


def test_names_in_decomposed_letters_are_the_same_names(tmp_path):
    for kind in ("folder", "zip"):
        files = open_files(written(tmp_path / kind, {"e\u0302.png": b"x"}, kind))
        assert files.names == ("\u00ea.png",)
        assert files.read("\u00ea.png") == b"x"


def test_a_zip_that_does_not_say_its_names_are_utf8(tmp_path):
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("XX.png", b"x")
    path.write_bytes(path.read_bytes().replace(b"XX.png", "é.png".encode()))
    assert open_files(path).names == ("é.png",)


def test_entries_that_point_outside_are_left_out(tmp_path):
    names = {"../a.png": b"", "/etc/b.png": b"", "x/../../c.png": b"", "good.png": b"x"}
    assert open_files(written(tmp_path / "bad", names, "zip")).names == ("good.png",)


def test_a_bomb_is_read_up_to_the_limit_only(tmp_path):
    files = open_files(written(tmp_path / "bomb", {"zeros.png": bytes(50_000_000)}, "zip"))
    with pytest.raises(BadInput) as caught:
        files.read("zeros.png", limit=1_000_000)
    assert caught.value.code == "file_too_large"


def test_a_damaged_or_encrypted_entry_stops_only_itself(tmp_path):
    path = written(tmp_path / "part", {"a.png": b"A" * 1_000, "b.png": bytes(range(256))}, "zip")
    whole = bytearray(path.read_bytes())
    whole[36] ^= 0xFF  # the second byte of the first entry's content
    path.write_bytes(whole)
    files = open_files(path)
    with pytest.raises(BadInput, match=r"a\.png cannot be read"):
        files.read("a.png")
    assert files.read("b.png") == bytes(range(256))
    path.write_bytes(make_zip([Line(b"b.png", b"x", flags=1), Line(b"c.png", b"y")]))
    files = open_files(path)
    with pytest.raises(BadInput, match=r"b\.png is encrypted"):
        files.read("b.png")
    assert files.read("c.png") == b"y"


def test_every_cut_through_a_zip_is_refused_or_read(tmp_path):
    whole = written(tmp_path / "cut", {"a.png": b"A" * 500, "b.png": bytes(range(256))}, "zip").read_bytes()
    path = tmp_path / "short.zip"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(BadInput):
            open_files(path)


def test_neither_folder_nor_zip(tmp_path):
    with pytest.raises(BadInput, match="there is no file or folder"):
        open_files(tmp_path / "nowhere")
    (tmp_path / "text").write_text("hello")
    with pytest.raises(BadInput, match="neither a folder nor a zip"):
        open_files(tmp_path / "text")


def test_links_to_nowhere_and_round_in_circles(tmp_path):
    folder = written(tmp_path / "linked", {"1.stl": b"one"}, "folder")
    (folder / "dead.stl").symlink_to(tmp_path / "nowhere")
    (folder / "round").symlink_to(folder)
    (folder / "2.stl").symlink_to(folder / "1.stl")
    files = open_files(folder)
    assert files.names == ("1.stl", "2.stl")
    assert files.read("2.stl") == b"one"
