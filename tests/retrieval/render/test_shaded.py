"""Shaded pictures: readable, the same light with and without a graphics library."""

import subprocess
import sys
import threading

import numpy as np
import pytest

from retrieval.render import graphics, shaded
from retrieval.render.graphics import NoGraphicsError, graphics_report
from retrieval.render.relief import read_relief
from retrieval.render.shaded import open_shader
from retrieval.types import FACE, Mesh
from tests.retrieval.carving import carved, character, moved, sheet, turn

MESH = moved(sheet(carved(character(129))), turn("x", 8), scale=30)
RELIEF = read_relief(MESH)


def refuse(size):
    raise NoGraphicsError("the graphics library libEGL.so.1 is missing", hint="apt-get install libegl1")


@pytest.fixture(scope="module")
def drawn():
    """(picture, mirrored picture) by pyrender; skipped where there is nothing to draw with."""
    shader = open_shader(256)
    try:
        pictures = [shader.shade(MESH, RELIEF, mirrored=flag) for flag in (False, True)]
    finally:
        shader.close()
    if shader.trouble:
        pytest.skip(shader.trouble)
    return pictures


@pytest.fixture
def plain(monkeypatch):
    monkeypatch.setattr(shaded, "open_renderer", refuse)
    shader = open_shader(256)
    return [shader.shade(MESH, RELIEF, mirrored=flag) for flag in (False, True)], shader


def brightness(picture: np.ndarray) -> np.ndarray:
    return picture.astype(float).mean(axis=2)


def assert_readable(picture: np.ndarray) -> None:
    assert picture.shape == (256, 256, 3)
    assert picture.dtype == np.uint8
    light = brightness(picture)
    face, floor = RELIEF.height > FACE - 0.03, RELIEF.height < 0.2
    assert np.median(light[face]) > np.median(light[floor]) + 60
    # Raking light from the upper left: walls that look there are lighter than those that do not.
    down, right = np.gradient(RELIEF.height)
    wall = (RELIEF.height > 0.3) & (RELIEF.height < 0.75)
    towards = (right + down)[wall]
    assert light[wall][towards > 0.05].mean() > light[wall][towards < -0.05].mean() + 20


def test_pyrender_draws_a_readable_picture(drawn):
    assert_readable(drawn[0])


def test_a_mirrored_picture_reads_the_other_way_under_the_same_light(drawn):
    light, flipped = (brightness(picture) for picture in drawn)
    assert np.corrcoef(light.ravel(), flipped[:, ::-1].ravel())[0, 1] > 0.8
    assert np.abs(light - flipped).mean() > 10


@pytest.mark.parametrize("winding", ["inwards", "mixed"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_light_falls_alike_however_the_triangles_are_wound(drawn, winding, mirrored):
    faces = MESH.faces.copy()
    turned = np.random.default_rng(0).random(len(faces)) < (0.5 if winding == "mixed" else 2)
    faces[turned] = faces[turned, ::-1]
    shader = open_shader(256)
    picture = shader.shade(Mesh(MESH.vertices, faces), RELIEF, mirrored=mirrored)
    shader.close()
    assert np.abs(picture.astype(int) - drawn[mirrored]).max() <= 2


def test_without_a_graphics_library_the_pictures_are_plain_and_say_why(plain):
    pictures, shader = plain
    assert_readable(pictures[0])
    assert shader.trouble == "the graphics library libEGL.so.1 is missing. apt-get install libegl1"
    assert np.abs(brightness(pictures[0]) - brightness(pictures[1])).mean() > 10


def test_both_ways_show_much_the_same(drawn, plain):
    for picture, plainer in zip(drawn, plain[0], strict=True):
        assert np.corrcoef(brightness(picture).ravel(), brightness(plainer).ravel())[0, 1] > 0.8


def test_one_mesh_after_another_leaves_nothing_behind(drawn):
    shader = open_shader(256)
    first = shader.shade(MESH, RELIEF, mirrored=False)
    small = sheet(carved(character(65)))
    shader.shade(small, read_relief(small), mirrored=False)
    again = shader.shade(MESH, RELIEF, mirrored=False)
    shader.close()
    np.testing.assert_array_equal(first, again)


def test_each_thread_draws_with_its_own_renderer(drawn):
    shader, pictures = open_shader(256), []
    work = [
        threading.Thread(
            target=lambda: (pictures.append(shader.shade(MESH, RELIEF, mirrored=False)), shader.close())
        )
        for _ in range(2)
    ]
    for thread in work:
        thread.start()
        thread.join(60)
    assert shader.trouble is None
    for picture in pictures:
        np.testing.assert_array_equal(picture, drawn[0])


def test_a_shader_loads_nothing_until_it_draws_and_draws_plainly_in_a_forked_child():
    program = """
import os, sys
from retrieval.render.relief import read_relief
from retrieval.render.shaded import open_shader
from retrieval.types import Mesh
from tests.retrieval.carving import carved, character, sheet
mesh = sheet(carved(character(65)))
relief, shader = read_relief(mesh), open_shader(64)
assert not {"pyrender", "OpenGL"} & set(sys.modules)
shader.shade(mesh, relief, mirrored=False)
child = os.fork()
if not child:
    os._exit(0 if shader.shade(mesh, relief, mirrored=False).shape == (64, 64, 3) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_the_report_is_empty_where_pictures_can_be_drawn(drawn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert graphics_report() is None


def test_the_report_names_the_missing_library_and_its_package(monkeypatch):
    monkeypatch.setattr(graphics, "_LIBRARIES", (("libnothere.so.1", "libnothere1"),))
    monkeypatch.setattr(graphics, "_PROBE", "raise SystemExit(1)")
    report = graphics_report()
    assert "libnothere.so.1 is missing" in report
    assert "apt-get install libnothere1" in report


def test_the_report_tells_how_a_driver_fails(monkeypatch):
    monkeypatch.setattr(graphics, "_PROBE", "raise SystemExit('no display')")
    assert graphics_report() == (
        "drawing fails (no display). Install Mesa's driver: apt-get install libegl-mesa0 libgl1-mesa-dri"
    )
    monkeypatch.setattr(graphics, "_PROBE", "import os; os.kill(os.getpid(), 9)")
    assert "status -9" in graphics_report()
    monkeypatch.setattr(graphics, "_PROBE", "import time; time.sleep(60)")
    monkeypatch.setattr(graphics, "_PATIENCE_S", 0.5)
    assert "took more than 0.5 s" in graphics_report()
