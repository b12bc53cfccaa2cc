"""The validation set kept on disk: drawing it takes minutes, and every report needs it."""

import hashlib
import logging
import zipfile
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.data.crops import Crops
from retrieval.synth.glyphs import Glyphs
from retrieval.train.data.validation_set import Queries, ValidationSet

log = logging.getLogger(__name__)


def cached_validation_set(folder: Path, glyphs: Glyphs, crops: Crops | None, *, seed: int) -> ValidationSet:
    """The validation set that these glyphs and crops give, drawn first where it is not in ``folder`` yet.

    The file's name tells glyphs, crops and seed, not the code that draws: delete it when that changes.

    folder: keeps the file.
    glyphs: of all typefaces and characters.
    crops: of a real print, where there are any.
    seed: of everything drawn by lot.

    Raises:
        BadInput: the file cannot be read.
    """
    path = validation_set_file(folder, glyphs, crops, seed=seed)
    if not path.exists():
        log.info("drawing the validation set, which takes some minutes")
        save_validation_set(path, ValidationSet.draw(glyphs, crops, seed=seed))
    return load_validation_set(path)


def validation_set_file(folder: Path, glyphs: Glyphs, crops: Crops | None, *, seed: int) -> Path:
    """Where the set drawn from these is kept."""
    digest = hashlib.sha256(repr((glyphs.names, seed)).encode())
    for part in (glyphs.codepoints, glyphs.faces, crops.codepoints if crops else np.zeros(0)):
        digest.update(np.ascontiguousarray(part, np.int64).tobytes())
    # Not named as in earlier versions, whose files have no prints that failed.
    return folder / f"validation-{digest.hexdigest()[:12]}.npz"


def save_validation_set(path: Path, validation: ValidationSet) -> None:
    """Write a set to one file, its height maps as bytes, which is how they were drawn."""
    parts = {
        "heights": np.rint(255 * np.stack(validation.heights)).astype(np.uint8),
        "codepoints": validation.codepoints,
        "kinds": np.array(list(validation.kinds)),
    }
    for place, queries in enumerate(validation.kinds.values()):
        parts[f"codepoints {place}"] = queries.codepoints
        parts[f"shapes {place}"] = np.array([picture.shape for picture in queries.pictures], np.int32)
        parts[f"pixels {place}"] = np.concatenate([picture.ravel() for picture in queries.pictures])
    with write_aside(path) as aside, aside.open("wb") as file:
        np.savez_compressed(file, **parts)


def load_validation_set(path: Path) -> ValidationSet:
    """Read what ``save_validation_set`` wrote. Raises BadInput where it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as parts:
            kinds = {str(kind): _queries(parts, place) for place, kind in enumerate(parts["kinds"])}
            heights = [height.astype(np.float32) / 255 for height in parts["heights"]]
            return ValidationSet(heights, parts["codepoints"], kinds)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        hint = "delete it: it is drawn again"
        raise BadInput(f"no validation set in {path}: {problem}", hint=hint) from problem


def _queries(parts: np.lib.npyio.NpzFile, place: int) -> Queries:
    shapes, pixels = parts[f"shapes {place}"], parts[f"pixels {place}"]
    ends = np.cumsum(shapes.prod(axis=1))
    flat = np.split(pixels, ends[:-1])
    pictures = [part.reshape(shape) for part, shape in zip(flat, shapes.tolist(), strict=True)]
    return Queries(pictures, parts[f"codepoints {place}"])
