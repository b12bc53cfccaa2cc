"""Carved meshes of known shape, for tests: what a scan would give, made from a drawn character."""

import cv2
import numpy as np

from retrieval.types import Mesh


def character(size: int = 257, *, stroke: float = 0.11) -> np.ndarray:
    """(size, size) bool strokes of an upright sign that differs from each of its reflections."""
    canvas = np.zeros((size, size), np.uint8)
    thick = round(stroke * size)
    strokes = [
        ((0.25, 0.24), (0.74, 0.24)),
        ((0.36, 0.24), (0.36, 0.78)),
        ((0.36, 0.50), (0.62, 0.50)),
        ((0.62, 0.66), (0.76, 0.80)),
    ]
    for start, end in strokes:
        points = [tuple(round(value * size) for value in point) for point in (start, end)]
        cv2.line(canvas, *points, 1, thick)
    return canvas.astype(bool)


def carved(
    strokes: np.ndarray, *, depth: float = 0.2, wall: float = 0.05, floor: float = 0.02, seed: int = 0
) -> np.ndarray:
    """(S, S) heights: face at 0, walls sloping over ``wall`` of the width, floor rough by ``floor``.

    Lengths are in units of half the width.
    """
    size = strokes.shape[0]
    away = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5) / (size / 2)
    slope = np.clip(away / max(wall, 1e-6), 0.0, 1.0)
    rough = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(size, size)), (0, 0), size / 24)
    return -depth * slope + floor * slope * rough / rough.std()


def sheet(heights: np.ndarray) -> Mesh:
    """An open grid over [-1, 1]^2, row 0 at the top, that faces +z."""
    size = heights.shape[0]
    steps = np.linspace(-1.0, 1.0, size)
    x, y = np.meshgrid(steps, steps[::-1])
    vertices = np.column_stack([x.ravel(), y.ravel(), heights.ravel().astype(np.float64)])
    index = np.arange(size * size).reshape(size, size)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]))
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    return Mesh(vertices, faces.astype(np.int32))


def solid(heights: np.ndarray, *, bottom: float) -> Mesh:
    """A closed block: the sheet, four sides, and a flat back at z = ``bottom``."""
    top = sheet(heights)
    count, size = len(top.vertices), heights.shape[0]
    back = top.vertices.copy()
    back[:, 2] = bottom
    index = np.arange(count).reshape(size, size)
    edge = np.concatenate([index[:-1, 0], index[-1, :-1], index[:0:-1, -1], index[0, :0:-1]])
    after = np.roll(edge, -1)
    sides = np.concatenate(
        [np.column_stack([edge, edge + count, after + count]), np.column_stack([edge, after + count, after])]
    )
    faces = np.concatenate([top.faces, top.faces[:, ::-1] + count, sides])
    return Mesh(np.concatenate([top.vertices, back]), faces.astype(np.int32))


def turn(axis: str, degrees: float) -> np.ndarray:
    """Rotation matrix (3, 3) about a file axis."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = cosine
    matrix[first, second], matrix[second, first] = -sine, sine
    return matrix


def moved(mesh: Mesh, rotation: np.ndarray, *, scale: float = 1.0, offset=(0.0, 0.0, 0.0)) -> Mesh:
    """The mesh turned, scaled and put elsewhere."""
    return Mesh(mesh.vertices @ rotation.T * scale + np.asarray(offset, float), mesh.faces)
