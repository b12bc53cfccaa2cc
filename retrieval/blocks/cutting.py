"""Characters cut out of a block's scan, each a mesh of its own."""

from collections.abc import Sequence

import fast_simplification
import numpy as np

from retrieval.blocks.reading import Character, ReadFace
from retrieval.blocks.scan import Scan
from retrieval.io.weld import weld
from retrieval.types import Mesh

MOST_FACES = 20_000
_MARGIN = 0.1  # of a character's sides
_DEEP = 2.0  # of the face's depth: what lies farther down is back, sides and table


def cut_characters(scan: Scan, read: ReadFace, *, most: int = MOST_FACES) -> list[Mesh]:
    """The triangles of each character, in the scan's own coordinates and unit, in the characters' order.

    A triangle belongs to every character whose box, with a little margin, holds its middle.

    most: triangles of a mesh, at most.
    """
    pieces: list[list[np.ndarray]] = [[] for _ in read.characters]
    layers = _layers(read)
    for corners in scan.pieces():
        middles = corners.mean(axis=1) @ read.face.to_grid[:, :3].T + read.face.to_grid[:, 3]
        columns, rows = (np.rint(middles[:, way]).astype(np.int64) for way in (0, 1))
        inside = (columns >= 0) & (rows >= 0) & (rows < layers.shape[1]) & (columns < layers.shape[2])
        inside &= _is_near_face(middles[:, 2], rows, columns, inside, read)
        for layer in layers:
            names = np.full(len(corners), -1)
            names[inside] = layer[rows[inside], columns[inside]]
            _share_out(corners, names, pieces)
    return [_mesh(part, most) for part in pieces]


def upright(mesh: Mesh, read: ReadFace, character: Character) -> Mesh:
    """A character's mesh as it was carved, but upright: x right, y up, z out of the face, in millimetres.

    mesh: in the scan's own coordinates, as `cut_characters` gives it. Its middle is that of its box.
    """
    face, box = read.face, character.box
    grid = mesh.vertices @ face.to_grid[:, :3].T + face.to_grid[:, 3]
    x = (grid[:, 0] + 0.5) * face.pitch - (box.x + box.w / 2)
    y = box.y + box.h / 2 - (grid[:, 1] + 0.5) * face.pitch
    z = grid[:, 2] * face.unit.millimetres
    x = -x if read.way.mirrored else x
    return Mesh(np.column_stack([x, y, z - (np.median(z) if len(z) else 0)]), mesh.faces)


def _layers(read: ReadFace) -> np.ndarray:
    """(4, H, W) int16: which character each pixel belongs to, or -1; boxes that overlap are on two layers."""
    shape = read.face.height.shape
    layers = np.full((4, *shape), -1, np.int16)
    for number, character in enumerate(read.characters):
        box, pitch = character.box, read.face.pitch
        aside, above = _MARGIN * box.w, _MARGIN * box.h
        left, right = (max(0, round(x / pitch)) for x in (box.x - aside, box.x + box.w + aside))
        top, bottom = (max(0, round(y / pitch)) for y in (box.y - above, box.y + box.h + above))
        layer = 2 * (character.column % 2) + character.place % 2
        layers[layer, top:bottom, left:right] = number
    return layers


def _is_near_face(
    heights: np.ndarray, rows: np.ndarray, columns: np.ndarray, inside: np.ndarray, read: ReadFace
) -> np.ndarray:
    """Whether triangles lie on the face, and not under it: on the back of the wood, say."""
    near = np.zeros(len(heights), bool)
    top = read.face.sheet[rows[inside], columns[inside]]
    scale = read.face.unit.millimetres
    near[inside] = heights[inside] > top - _DEEP * read.face.depth / scale
    return near


def _share_out(corners: np.ndarray, names: np.ndarray, pieces: Sequence[list[np.ndarray]]) -> None:
    order = np.argsort(names, kind="stable")
    ordered = names[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-2))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(ordered)], strict=True):
        if ordered[start] >= 0:
            pieces[ordered[start]].append(corners[order[start:end]].astype(np.float32))


def _mesh(parts: Sequence[np.ndarray], most: int) -> Mesh:
    corners = np.concatenate([np.empty((0, 3, 3), np.float32), *parts])
    vertices, where = weld(corners.reshape(-1, 3))
    faces = where.reshape(-1, 3)
    kept = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    faces = faces[kept]
    if len(faces) > most:
        points, faces = fast_simplification.simplify(
            vertices.astype(np.float32), np.ascontiguousarray(faces, np.int32), target_count=most
        )
        vertices = points.astype(np.float64)
    return Mesh(vertices, np.asarray(faces, np.int32))
