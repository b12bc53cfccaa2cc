"""The development set kept on disk: drawing it takes minutes, and every report needs it."""

import hashlib
import logging
import zipfile
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.data.crops import Crops
from retrieval.synth.glyphs import Glyphs
from retrieval.train.data.validation_set import Development, Queries

log = logging.getLogger(__name__)


def cached_development(folder: Path, glyphs: Glyphs, crops: Crops | None, *, seed: int) -> Development:
    """The development set that these glyphs and crops give, drawn first where it is not in ``folder`` yet.

    The file's name tells glyphs, crops and seed, not the code that draws: delete it when that changes.
    Raises BadInput for a file that cannot be read.
    """
    path = development_file(folder, glyphs, crops, seed=seed)
    if not path.exists():
        log.info("drawing the development set, which takes some minutes")
        save_development(path, Development.draw(glyphs, crops, seed=seed))
    return load_development(path)


def development_file(folder: Path, glyphs: Glyphs, crops: Crops | None, *, seed: int) -> Path:
    """Where the set drawn from these is kept."""
    digest = hashlib.sha256(repr((glyphs.names, seed)).encode())
    for part in (glyphs.codepoints, glyphs.faces, crops.codepoints if crops else np.zeros(0)):
        digest.update(np.ascontiguousarray(part, np.int64).tobytes())
    return folder / f"development-{digest.hexdigest()[:12]}.npz"


def save_development(path: Path, development: Development) -> None:
    """Write a set to one file, its height maps as bytes, which is how they were drawn."""
    parts = {
        "heights": np.rint(255 * np.stack(development.heights)).astype(np.uint8),
        "codepoints": development.codepoints,
        "kinds": np.array(list(development.kinds)),
    }
    for place, queries in enumerate(development.kinds.values()):
        parts[f"codepoints {place}"] = queries.codepoints
        parts[f"shapes {place}"] = np.array([picture.shape for picture in queries.pictures], np.int32)
        parts[f"pixels {place}"] = np.concatenate([picture.ravel() for picture in queries.pictures])
    with write_aside(path) as aside, aside.open("wb") as file:
        np.savez_compressed(file, **parts)


def load_development(path: Path) -> Development:
    """Read what ``save_development`` wrote. Raises BadInput where it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as parts:
            kinds = {str(kind): _queries(parts, place) for place, kind in enumerate(parts["kinds"])}
            heights = [height.astype(np.float32) / 255 for height in parts["heights"]]
            return Development(heights, parts["codepoints"], kinds)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        hint = "delete it: it is drawn again"
        raise BadInput(f"no development set in {path}: {problem}", hint=hint) from problem


def _queries(parts: np.lib.npyio.NpzFile, place: int) -> Queries:
    shapes, pixels = parts[f"shapes {place}"], parts[f"pixels {place}"]
    ends = np.cumsum(shapes.prod(axis=1))
    flat = np.split(pixels, ends[:-1])
    pictures = [part.reshape(shape) for part, shape in zip(flat, shapes.tolist(), strict=True)]
    return Queries(pictures, parts[f"codepoints {place}"])
