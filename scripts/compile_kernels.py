"""Compiles the library's loops by one mesh and one print, so that they lie ready for every process."""

import numpy as np

from retrieval.io.meshes import read_mesh
from retrieval.register import PrintOver, item_form, print_form, read_item_form
from retrieval.render.frames import placed
from retrieval.render.normals import towards_reader
from retrieval.render.relief import read_relief
from retrieval.render.viewer import viewer_glb

CELLS = 48


def block() -> bytes:
    """A binary STL file of a block with two strokes on it, mirrored."""
    y, x = np.mgrid[: CELLS + 1, : CELLS + 1] / CELLS
    ink = (abs(x - 0.4) < 0.08) & (abs(y - 0.5) < 0.35) | (abs(y - 0.3) < 0.08) & (abs(x - 0.5) < 0.3)
    points = np.stack([x, 1 - y, 0.08 * ink], axis=-1).reshape(-1, 3)
    at = np.arange((CELLS + 1) ** 2).reshape(CELLS + 1, CELLS + 1)
    a, b, c, d = (part.ravel() for part in (at[:-1, :-1], at[:-1, 1:], at[1:, :-1], at[1:, 1:]))
    faces = np.concatenate([np.stack([a, c, b], axis=-1), np.stack([b, c, d], axis=-1)])
    rows = np.zeros(len(faces), [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    rows["corners"] = points[faces]
    return bytes(80) + np.uint32(len(faces)).tobytes() + rows.tobytes()


def main() -> None:
    """What a worker does with an upload, but for the network."""
    mesh = read_mesh(block(), name="block.stl").mesh
    relief = read_relief(mesh)
    towards_reader(placed(mesh, relief.to_plane), mesh.faces)
    viewer_glb(mesh, relief, mirrored=True)
    height = relief.height
    picture = np.where(height[:, ::-1] > 0.5, 40, 230).astype(np.uint8)
    PrintOver(print_form(picture)).register([read_item_form(item_form(height))])


if __name__ == "__main__":
    main()
