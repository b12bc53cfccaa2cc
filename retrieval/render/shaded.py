"""Shaded pictures of carved characters, in raking light, so that strokes can be read."""

import os
import threading

import numpy as np

from retrieval.render.frames import placed
from retrieval.render.graphics import NoGraphicsError, graphics_report, open_renderer
from retrieval.render.light import BACKGROUND, TO_LIGHT, exaggeration, lit_wood
from retrieval.render.normals import towards_reader, vertex_normals
from retrieval.render.plain import shaded_height
from retrieval.types import Mesh, Relief

__all__ = ["Shader", "graphics_report", "open_shader"]

_FAR = 50.0
_SAMPLE = 20_000
# With several triangles to a pixel the height map shows as much, and needs no copies of them.
_MOST_DRAWN = 400_000


def open_shader(size: int = 256) -> "Shader":
    """A shader of (size, size) pictures. Nothing is loaded before the first picture."""
    return Shader(size)


class Shader:
    """Draws with pyrender on EGL; where that is not to be had, plainly from the height map.

    Meshes of more than 400,000 triangles are always drawn plainly. Each thread that draws gets
    a renderer of its own. A process forked from one that has drawn with this shader draws
    plainly. ``trouble`` says why pictures are plain for want of a library, once they are.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._own = threading.local()
        self._drawn_in: int | None = None
        self.trouble: str | None = None

    def shade(self, mesh: Mesh, relief: Relief, *, mirrored: bool) -> np.ndarray:
        """(size, size, 3) uint8 RGB of the pictured square, seen from the front.

        mirrored: flip it left-right, so that a block carved mirrored reads as its print does.
        The light comes from the upper left of the picture either way.
        """
        points = placed(mesh, relief.to_plane)
        depth = _depth(points)
        if mirrored:
            points = points * np.array([-1.0, 1.0, 1.0])
        picture = self._drawn(points, mesh.faces, depth)
        if picture is None:
            height = relief.height[:, ::-1] if mirrored else relief.height
            picture = shaded_height(np.ascontiguousarray(height), depth, self._size)
        return picture

    def close(self) -> None:
        """Give this thread's renderer back. Drawing again opens another."""
        stage = getattr(self._own, "stage", None)
        if stage is not None and self._drawn_in == os.getpid():
            stage.close()
        self._own = threading.local()

    def _drawn(self, points: np.ndarray, faces: np.ndarray, depth: float) -> np.ndarray | None:
        if self.trouble or len(faces) > _MOST_DRAWN or self._drawn_in not in (None, os.getpid()):
            return None
        try:
            if not hasattr(self._own, "stage"):
                self._drawn_in = os.getpid()
                self._own.stage = _Stage(self._size)
            return self._own.stage.draw(points, faces, depth)
        except NoGraphicsError as error:
            self.trouble = f"{error}. {error.hint}"
            return None


class _Stage:
    """A pyrender scene with its camera, on which one mesh after another stands.

    Light falls on the vertices, before the driver draws what lies between them: its own shader,
    asked to light every pixel, takes five times as long without a graphics card and shows the
    same, for the normals are known at the vertices only.
    """

    def __init__(self, size: int) -> None:
        self._renderer = open_renderer(size)
        # Only after a renderer could be opened: it loads PyOpenGL, which fails without a driver.
        import pyrender

        self._pyrender = pyrender
        self._scene = pyrender.Scene(bg_color=[*(value / 255 for value in BACKGROUND), 1.0])
        camera = pyrender.OrthographicCamera(xmag=1.0, ymag=1.0, znear=0.1, zfar=2 * _FAR)
        pose = np.eye(4)
        pose[2, 3] = _FAR
        self._scene.add(camera, pose=pose)

    def draw(self, points: np.ndarray, faces: np.ndarray, depth: float) -> np.ndarray:
        faces = towards_reader(points, faces)
        normals = vertex_normals(points * np.array([1.0, 1.0, exaggeration(depth)]), faces)
        primitive = self._pyrender.Primitive(
            positions=points.astype(np.float32),
            color_0=lit_wood(1.0 + points[:, 2] / depth, normals @ TO_LIGHT.astype(np.float32)),
            indices=faces.astype(np.uint32),
            material=self._pyrender.MetallicRoughnessMaterial(doubleSided=True),
        )
        node = self._scene.add(self._pyrender.Mesh([primitive]))
        try:
            picture, _ = self._renderer.render(self._scene, flags=self._pyrender.RenderFlags.FLAT)
        finally:
            self._scene.remove_node(node)
        return np.ascontiguousarray(picture)

    def close(self) -> None:
        self._renderer.delete()


def _depth(points: np.ndarray) -> float:
    """Face to floor in plane units: the face lies at 0."""
    sample = points[:: max(1, len(points) // _SAMPLE), 2]
    return max(1e-6, -float(np.percentile(sample, 5.0)))
