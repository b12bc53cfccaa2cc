"""The arrays of a glTF document: accessors over views of buffers."""

import base64
import binascii

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_parts.fields import Fields

_KINDS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_COMPRESSED = "compression"


class GltfData:
    """Reads accessors of one document, each bound to the bytes that are there.

    most: how many numbers are read in all. Raises BadMesh where these are more, and where an accessor reaches
    outside, names another file, or is compressed.
    """

    def __init__(self, document: Fields, binary: bytes | None, name: str, *, most: int) -> None:
        self._accessors = document.items("accessors")
        self._views = document.items("bufferViews")
        self._buffers = document.items("buffers")
        self._binary = binary
        self._name = name
        self._left = most
        self._last: tuple[str, np.ndarray] | None = None
        self._decoded: dict[str, bytes] = {}

    def array(self, owner: Fields, key: str, width: str) -> np.ndarray:
        """(N, w) float64, or (N,) int64 of scalars: the accessor that a field names.

        Normalized whole numbers become those between -1 and 1 that they stand for.
        """
        accessor = owner.chosen(key, self._accessors, "accessors")
        if accessor.word("type") != width:
            raise accessor.fault("type", width)
        if self._last and self._last[0] == accessor.path:
            return self._last[1]
        self._last = accessor.path, self._array(accessor, width)
        return self._last[1]

    def _array(self, accessor: Fields, width: str) -> np.ndarray:
        kind = self._kind(accessor)
        values = self._dense(accessor, kind, _WIDTHS[width])
        self._left -= values.size
        if self._left < 0:
            raise BadMesh(
                f"{self._name}: the parts of the scene read its points again and again",
                hint="Export it again as one mesh, best as binary STL.",
                code="mesh_too_large",
            )
        if accessor.has("sparse"):
            values = self._replaced(accessor, values, kind)
        if width == "SCALAR":
            return values[:, 0].astype(np.int64)
        found = values.astype(np.float64)
        if accessor.switch("normalized") and kind.kind in "iu":
            found = np.maximum(found / np.iinfo(kind).max, -1.0)
        return found

    def _kind(self, fields: Fields) -> np.dtype:
        kind = _KINDS.get(fields.whole("componentType"))
        if kind is None:
            raise fields.fault("componentType", f"one of {', '.join(map(str, _KINDS))}")
        return np.dtype(kind)

    def _dense(self, accessor: Fields, kind: np.dtype, width: int) -> np.ndarray:
        if accessor.has("bufferView"):
            return self._seen(accessor, accessor, kind, width, accessor.whole("count"))
        # Without a view it is all zeros, any number of them: no more than the file could hold.
        most = sum(len(self._bytes(buffer)) for buffer in self._buffers)
        return np.zeros((accessor.whole("count", most=most), width), kind)

    def _replaced(self, accessor: Fields, values: np.ndarray, kind: np.dtype) -> np.ndarray:
        sparse = accessor.inner("sparse")
        count = sparse.whole("count")
        indices = sparse.inner("indices")
        at = self._seen(indices, indices, self._kind(indices), 1, count)[:, 0].astype(np.int64)
        if len(at) and not 0 <= at.min() <= at.max() < len(values):
            raise sparse.fault("indices", f"numbers below {len(values)}")
        values = values.copy()
        new = sparse.inner("values")
        values[at] = self._seen(new, new, kind, values.shape[1], count)
        return values

    def _seen(self, owner: Fields, fields: Fields, kind: np.dtype, width: int, count: int) -> np.ndarray:
        view = owner.chosen("bufferView", self._views, "bufferViews")
        buffer = view.chosen("buffer", self._buffers, "buffers")
        packed = [key for key in view.inner("extensions").values if _COMPRESSED in key]
        if packed and not self._has_bytes(buffer):
            raise compressed(self._name, packed[0])
        data = self._bytes(buffer)
        size = kind.itemsize * width
        stride = view.whole("byteStride", size, most=1 << 16) or size
        begin, length = view.whole("byteOffset", 0), view.whole("byteLength")
        inside = fields.whole("byteOffset", 0)
        end = inside + (stride * (count - 1) + size if count else 0)
        if end > length or begin + length > len(data):
            there = min(begin + length, len(data))
            raise owner.refused(
                f"{owner.path} ends at byte {begin + end:,} of its buffer, but {there:,} bytes are there"
            )
        return np.ndarray((count, width), kind, data, begin + inside, (stride, kind.itemsize))

    def _has_bytes(self, buffer: Fields) -> bool:
        return buffer.has("uri") or (buffer is self._buffers[0] and self._binary is not None)

    def _bytes(self, buffer: Fields) -> bytes:
        if not buffer.has("uri"):
            if buffer is self._buffers[0] and self._binary is not None:
                return self._binary
            raise buffer.refused(f"{buffer.path} has no bytes in the file")
        if buffer.path not in self._decoded:
            self._decoded[buffer.path] = self._from_uri(buffer)
        return self._decoded[buffer.path]

    def _from_uri(self, buffer: Fields) -> bytes:
        head, _, data = buffer.word("uri").partition(",")
        if not head.startswith("data:"):
            raise BadMesh(
                f"{self._name}: the GLB keeps its geometry in another file, which is never fetched",
                hint="Export it again as one GLB file with everything inside.",
                code="mesh_outside_file",
            )
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise buffer.fault("uri", "bytes in base64") from error


def compressed(name: str, extension: str) -> BadMesh:
    """The refusal of a mesh that is packed by an extension."""
    return BadMesh(
        f"{name}: the GLB is compressed ({extension}), which is not read",
        hint=f"Export it again without mesh compression ({extension}).",
        code="mesh_compressed",
    )
