"""Arrays encoded as picture files, meshes as STL, and height maps read back from their files."""

import cv2
import numpy as np

from retrieval.types import Mesh

_STL = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_WEBP_QUALITY = 90
_PNG_END = b"IEND\xaeB`\x82"
_PNG_FAST = [cv2.IMWRITE_PNG_COMPRESSION, 1]


def png(pixels: np.ndarray) -> bytes:
    """pixels: (H, W) uint8 or uint16 grey."""
    return cv2.imencode(".png", pixels, _PNG_FAST)[1].tobytes()


def colour_png(pixels: np.ndarray) -> bytes:
    """pixels: (H, W, 3) uint8 sRGB."""
    return cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _PNG_FAST)[1].tobytes()


def webp(pixels: np.ndarray) -> bytes:
    """pixels: (H, W, 3) uint8 sRGB."""
    swapped = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".webp", swapped, [cv2.IMWRITE_WEBP_QUALITY, _WEBP_QUALITY])[1].tobytes()


def stl(mesh: Mesh) -> bytes:
    """A binary STL file of a mesh, its normals left to the reader."""
    triangles = np.zeros(len(mesh.faces), _STL)
    triangles["corners"] = mesh.vertices[mesh.faces]
    return bytes(80) + len(triangles).to_bytes(4, "little") + triangles.tobytes()


def height_png(height: np.ndarray) -> bytes:
    """height: (H, W) float32 in [0, 1]; written as 16 bits."""
    return png(np.rint(np.clip(height, 0, 1) * 65535).astype(np.uint16))


def read_height_png(data: bytes) -> np.ndarray:
    """The inverse of ``height_png``: (H, W) float32 in [0, 1]. Raises ValueError for what is no whole one."""
    if not data.endswith(_PNG_END):  # of one that is cut short, the decoder makes a picture all the same
        raise ValueError("the height map is cut short")
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16:
        raise ValueError("no height map")
    return pixels.astype(np.float32) / 65535
