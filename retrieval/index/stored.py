"""An index on disk: the graph, and beside it what is needed to trust it.

hnswlib saves in place, says nothing when the disk is full, loads a corrupted file without a word,
and a wrong width turns every answer into noise. So size, hash, width and the model's fingerprint
lie in a manifest, and nothing is loaded that does not agree with it.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common.publish import write_aside
from retrieval.errors import BadIndex

GRAPH_FILE = "index.bin"
MANIFEST_FILE = "manifest.json"
_FORMAT = 1
_REBUILD = "build the index again"


@dataclass(frozen=True)
class Manifest:
    """What a stored index is made of. bytes, sha256: of the graph's file."""

    format: int
    width: int
    count: int
    fingerprint: str
    m: int
    ef_construction: int
    bytes: int
    sha256: str

    @staticmethod
    def damaged(fault: str) -> BadIndex:
        """The error for a stored index that is not what its manifest says."""
        return BadIndex(f"the stored index is damaged: {fault}", hint=_REBUILD, code="index_damaged")


def write_stored(folder: Path, *, write: Callable[[Path], None], size: int, about: dict) -> Manifest:
    """Write a graph and its manifest aside, check them, and move them into place.

    write: writes the graph to a path. size: bytes the graph must take. about: the manifest's
    remaining fields. Raises BadIndex with code "index_not_written".
    """
    with write_aside(folder) as aside:
        aside.mkdir()
        path = aside / GRAPH_FILE
        write(path)
        written = path.stat().st_size if path.exists() else 0
        if written != size:
            fault = f"only {written} of {size} bytes of the index could be written"
            raise BadIndex(fault, hint="make room on the disk", code="index_not_written")
        manifest = Manifest(format=_FORMAT, bytes=size, sha256=_sha256(path), **about)
        (aside / MANIFEST_FILE).write_text(json.dumps(dataclasses.asdict(manifest), indent=2) + "\n")
    return manifest


def read_stored(folder: Path, *, width: int, fingerprint: str) -> tuple[Manifest, Path]:
    """Check a stored index against its manifest and its reader; return the manifest and the graph's path.

    Raises BadIndex: index_missing, index_damaged, index_other_model.
    """
    manifest, path = _read_manifest(folder), folder / GRAPH_FILE
    if manifest.fingerprint != fingerprint:
        fault = f"the stored index was built with model {manifest.fingerprint!r}, not {fingerprint!r}"
        raise BadIndex(fault, hint=_REBUILD, code="index_other_model")
    if manifest.width != width:
        fault = f"the stored index is {manifest.width} wide, and the model {width}"
        raise BadIndex(fault, hint=_REBUILD, code="index_other_model")
    if not path.is_file():
        raise Manifest.damaged(f"{GRAPH_FILE} is missing")
    if (size := path.stat().st_size) != manifest.bytes:
        raise Manifest.damaged(f"{GRAPH_FILE} has {size} bytes, not {manifest.bytes}")
    if _sha256(path) != manifest.sha256:
        raise Manifest.damaged(f"{GRAPH_FILE} is not the file that was written")
    return manifest, path


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise BadIndex("there is no stored index", hint=_REBUILD, code="index_missing")
    try:
        fields = json.loads(path.read_text())
        manifest = Manifest(**fields)
    except (ValueError, TypeError) as error:
        raise Manifest.damaged(f"{MANIFEST_FILE} cannot be read") from error
    for field in dataclasses.fields(Manifest):
        if type(fields[field.name]) is not field.type:
            wanted = getattr(field.type, "__name__", field.type)
            raise Manifest.damaged(f"{field.name} in {MANIFEST_FILE} is no {wanted}")
    if manifest.format != _FORMAT:
        raise Manifest.damaged(f"format {manifest.format} is not known")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
