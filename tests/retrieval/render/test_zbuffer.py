"""The height map against a slow NumPy twin, against ray casting, and against pyrender."""

import numpy as np
import pytest
import trimesh

from retrieval.render.frames import placed, plane_matrix
from retrieval.render.graphics import NoGraphicsError, open_renderer
from retrieval.render.zbuffer import height_field
from retrieval.types import Mesh
from tests.retrieval.carving import carved, character, moved, sheet, solid, turn


def slow_field(mesh: Mesh, to_plane: np.ndarray, size: int) -> np.ndarray:
    """One triangle at a time over every pixel: the z-buffer as one would write it down."""
    points = placed(mesh, to_plane)
    step = (np.arange(size) + 0.5) * 2 / size - 1
    x, y = np.meshgrid(step, -step)
    field = np.full((size, size), -np.inf)
    for a, b, c in points[mesh.faces]:
        area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if area == 0:
            continue
        u = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area
        v = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / area
        inside = (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9)
        height = a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2])
        field = np.where(inside & (height > field), height, field)
    return field


def soup(seed: int, count: int = 60) -> Mesh:
    """Triangles that cross, overlap and leave the picture."""
    rng = np.random.default_rng(seed)
    return Mesh(rng.uniform(-1.4, 1.4, (count * 3, 3)), np.arange(count * 3, dtype=np.int32).reshape(-1, 3))


def assert_same(fast: np.ndarray, slow: np.ndarray) -> None:
    assert fast.dtype == np.float32
    seen = np.isfinite(slow)
    # A pixel centre on an edge may fall to either side of it by rounding.
    assert (np.isfinite(fast) != seen).mean() < 2e-3
    both = seen & np.isfinite(fast)
    assert np.mean(np.abs(fast[both] - slow[both]) > 1e-5) < 2e-3


@pytest.mark.parametrize("seed", range(4))
def test_it_agrees_with_the_slow_twin_on_a_soup(seed):
    mesh = soup(seed)
    matrix = plane_matrix(turn("x", 31 * seed) @ turn("z", 17 * seed), np.full(3, 0.1), 1.3)
    assert_same(height_field(mesh, matrix, 64), slow_field(mesh, matrix, 64))


def test_it_agrees_with_the_slow_twin_on_a_relief():
    mesh = moved(sheet(carved(character(33))), turn("x", 12) @ turn("y", 5))
    assert_same(height_field(mesh, np.eye(4), 96), slow_field(mesh, np.eye(4), 96))


def test_it_agrees_with_ray_casting():
    mesh = solid(carved(character(13), depth=0.3), bottom=-0.8)
    size = 24
    step = (np.arange(size) + 0.5) * 2 / size - 1
    x, y = (axis.ravel() for axis in np.meshgrid(step, -step))
    triangles = mesh.vertices[mesh.faces]
    normals, good = trimesh.triangles.normals(triangles)
    assert good.all()
    origins = np.column_stack([x, y, np.full(x.size, 5.0)])
    expected = np.full(x.size, -np.inf)
    for triangle, normal in zip(triangles, normals, strict=True):
        hits, valid = trimesh.intersections.planes_lines(
            np.tile(triangle[0], (x.size, 1)),
            np.tile(normal, (x.size, 1)),
            origins,
            np.tile([0.0, 0.0, -1.0], (x.size, 1)),
        )
        inside = trimesh.triangles.points_to_barycentric(np.tile(triangle, (len(hits), 1, 1)), hits)
        hit = np.flatnonzero(valid)[(inside > -1e-9).all(axis=1)]
        expected[hit] = np.maximum(expected[hit], hits[(inside > -1e-9).all(axis=1), 2])
    assert_same(height_field(mesh, np.eye(4), size), expected.reshape(size, size))


def test_a_closed_sheet_leaves_no_cracks():
    mesh = moved(sheet(carved(character(200))), turn("z", 33) @ turn("x", 7), scale=2.2)
    assert np.isfinite(height_field(mesh, np.eye(4), 256)).all()


def test_the_winding_does_not_matter_and_the_highest_wins():
    low = Mesh(np.array([[-4.0, -2, 0.1], [4, -2, 0.1], [0, 9, 0.1]]), np.array([[0, 1, 2]], np.int32))
    both = Mesh(
        np.concatenate([low.vertices, low.vertices + np.array([0, 0, 0.2])]),
        np.array([[0, 1, 2], [5, 4, 3]], np.int32),
    )
    np.testing.assert_allclose(height_field(both, np.eye(4), 8), 0.3, atol=1e-6)
    swapped = Mesh(both.vertices, both.faces[::-1, ::-1].copy())
    np.testing.assert_array_equal(height_field(swapped, np.eye(4), 8), height_field(both, np.eye(4), 8))


def test_triangles_outside_broken_or_without_area_draw_nothing():
    vertices = np.array([[5.0, 5, 0], [6, 5, 0], [5, 6, 0], [np.nan, 0, 0], [0.5, 0.5, 0], [1e300, 0, 0]])
    faces = np.array([[0, 1, 2], [3, 4, 0], [4, 4, 4]], np.int32)
    assert np.isneginf(height_field(Mesh(vertices, faces), np.eye(4), 16)).all()


def test_it_agrees_with_pyrender():
    size, near, far = 256, 0.1, 20.0
    mesh = moved(sheet(carved(character(150), depth=0.3)), turn("x", 9) @ turn("y", -6))
    try:
        renderer = open_renderer(size)
    except NoGraphicsError as error:
        pytest.skip(f"{error}. {error.hint}")
    # Only after a renderer could be opened: it fails without a driver.
    import pyrender

    scene = pyrender.Scene()
    primitive = pyrender.Primitive(
        positions=mesh.vertices.astype(np.float32), indices=mesh.faces.astype(np.uint32)
    )
    scene.add(pyrender.Mesh([primitive]))
    pose = np.eye(4)
    pose[2, 3] = 10.0
    scene.add(pyrender.OrthographicCamera(xmag=1.0, ymag=1.0, znear=near, zfar=far), pose=pose)
    try:
        depth = renderer.render(scene, flags=pyrender.RenderFlags.DEPTH_ONLY).astype(np.float64)
    finally:
        renderer.delete()
    ours = height_field(mesh, np.eye(4), size)
    both = (depth > 0) & np.isfinite(ours)
    assert both.mean() > 0.9
    # pyrender undoes an orthographic depth with the perspective formula: here it is undone again.
    theirs = 10.0 - (far + near - near * far / depth[both])
    off = np.abs(theirs - ours[both]) / np.ptp(ours[both])
    assert np.median(off) < 0.005
    # Multisampling takes another point of the pixel, which tells on walls.
    assert np.percentile(off, 99) < 0.07
