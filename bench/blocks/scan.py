"""A whole block's scan of 20 million triangles, from file to height map."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.index.growth import alone, peak_mb
from bench.table import BenchmarkRow
from retrieval.blocks.face import carved_faces
from retrieval.blocks.scan import open_scan

TRIANGLES = 20_000_000
_SIZE, _PITCH, _SEED = (300.0, 200.0), 0.3, 31


def rows() -> Iterator[BenchmarkRow]:
    """The row of the benchmark page."""
    with TemporaryDirectory(prefix="mocban-block-") as folder:
        path = Path(folder) / "face.ply"
        count = alone(write_face, path, TRIANGLES)
        wall, processor, most, pitch = alone(measure, path, TRIANGLES)
        size = path.stat().st_size / 1e6
    yield BenchmarkRow(
        f"a block's scan of {count / 1e6:.1f} million triangles, from file to height map",
        f"**{wall:.0f} s**, {most:,.0f} MB at its peak",
        "60 s, 1,000 MB",
        f"a drawn face of {_SIZE[0]:.0f} x {_SIZE[1]:.0f} mm, warped by 2 mm, a binary PLY of {size:.0f} MB; "
        f"{processor:.0f} s of processor, {pitch:.2f} mm a pixel",
    )


def measure(path: Path, _: int) -> tuple[float, float, float, float]:
    """Seconds by the clock and of the processor, peak memory in MB, and millimetres a pixel that came out."""
    clock, processor = time.perf_counter(), time.process_time()
    face = carved_faces(open_scan(path))[0]
    return time.perf_counter() - clock, time.process_time() - processor, peak_mb(), face.pitch


def write_face(path: Path, triangles: int) -> int:
    """Draw a face, seen from above alone, in so many triangles; how many they are exactly."""
    # Only here: the process that measures its memory holds none of these.
    import cv2

    from retrieval.synth.blocks import carve, carved_height, draw_text
    from retrieval.synth.pages.bank import draw_bank
    from retrieval.synth.textures import Textures

    random = np.random.default_rng(_SEED)
    bank, textures = draw_bank(random, each=40), Textures(random, 4)
    carving = carve(random, bank, draw_text(random, bank, size=_SIZE), textures, pitch=_PITCH)
    height, _ = carved_height(random, carving)
    scale = np.sqrt(triangles / 2 / height.size)
    columns, rows = (round(side * scale) for side in height.shape[::-1])
    height = cv2.resize(height, (columns, rows), interpolation=cv2.INTER_CUBIC)
    with path.open("wb") as file:
        file.write(_header(rows * columns, 2 * (rows - 1) * (columns - 1)))
        for y, line in enumerate(height):
            points = np.empty((columns, 3), "<f4")
            points[:, 0] = np.arange(columns) * _PITCH / scale
            points[:, 1], points[:, 2] = -y * _PITCH / scale, line[::-1]
            file.write(points.tobytes())
        for y in range(rows - 1):
            file.write(_strip(y * columns, columns))
    return 2 * (rows - 1) * (columns - 1)


def _header(vertices: int, faces: int) -> bytes:
    axes = "".join(f"property float {axis}\n" for axis in "xyz")
    return (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {vertices}\n{axes}element face {faces}\n"
        "property list uchar int vertex_indices\nend_header\n"
    ).encode()


def _strip(first: int, columns: int) -> bytes:
    """The triangles between a row of points, whose first is named, and the next."""
    a = first + np.arange(columns - 1)
    rows = np.empty(2 * len(a), [("count", "u1"), ("corners", "<i4", (3,))])
    rows["count"] = 3
    rows["corners"][0::2] = np.stack([a, a + columns, a + 1], axis=1)
    rows["corners"][1::2] = np.stack([a + 1, a + columns, a + columns + 1], axis=1)
    return rows.tobytes()
