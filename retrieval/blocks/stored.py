"""A face as it was read, kept in a file, so that a mended character is cut out without finding it anew."""

import io
import json

import cv2
import numpy as np

from retrieval.blocks.face import Face
from retrieval.blocks.units import Unit

_VERSION = 1
_COARSER = 8  # the sheet bends over centimetres


def face_file(face: Face) -> bytes:
    """The file of a face. Heights are kept to some micrometres, those of the sheet at every 8th pixel."""
    facts = {
        "version": _VERSION,
        "pitch": face.pitch,
        "depth": face.depth,
        "bend": face.bend,
        "spread": face.spread,
        "unit": [face.unit.name, face.unit.millimetres, face.unit.assumed],
        "notes": list(face.notes),
    }
    into = io.BytesIO()
    np.savez_compressed(
        into,
        height=face.height.astype(np.float16),
        inside=np.packbits(face.inside, axis=1),
        sheet=_coarse(face.sheet),
        to_grid=face.to_grid,
        facts=np.frombuffer(json.dumps(facts).encode(), np.uint8),
    )
    return into.getvalue()


def read_face_file(data: bytes) -> Face:
    """The inverse of ``face_file``. Raises ValueError for what is no such file, or another version's."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as parts:
            facts = json.loads(parts["facts"].tobytes())
            if facts["version"] != _VERSION:
                raise ValueError("another version's")
            height = parts["height"].astype(np.float32)
            rows, columns = height.shape
            inside = np.unpackbits(parts["inside"], axis=1, count=columns).astype(bool)
            sheet = cv2.resize(parts["sheet"], (columns, rows), interpolation=cv2.INTER_LINEAR)
            to_grid = parts["to_grid"]
    except (OSError, KeyError, EOFError, ValueError) as error:
        raise ValueError("no stored face") from error
    return Face(
        height=height,
        inside=inside,
        pitch=facts["pitch"],
        depth=facts["depth"],
        bend=facts["bend"],
        spread=facts["spread"],
        unit=Unit(*facts["unit"]),
        sheet=sheet,
        to_grid=to_grid,
        notes=tuple(facts["notes"]),
    )


def _coarse(sheet: np.ndarray) -> np.ndarray:
    rows, columns = (max(2, round(side / _COARSER)) for side in sheet.shape)
    return cv2.resize(sheet.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
