"""The files that an item's pages show, made from its mesh."""

import hashlib
import json

import numpy as np

from retrieval.io.encode import height_png, png, webp
from retrieval.register import FORM_VERSION, item_form
from retrieval.render.ink import virtual_print
from retrieval.render.viewer import viewer_glb
from retrieval.types import LoadedMesh, Relief
from webapp.core.files.derived import ITEM_FILES
from webapp.gallery.models import Item
from webapp.gallery.prepared import PreparedItem
from workers.live.cache import shader

# To be raised whenever any of the files would come out otherwise: items made by another are made again.
_VERSION = 4
RECIPE = hashlib.sha256(f"item files {_VERSION}, form {FORM_VERSION}".encode()).hexdigest()


def item_files(loaded: LoadedMesh, relief: Relief, facts: PreparedItem) -> dict[str, bytes]:
    """Every derived file of an item by its name, in the order in which they are to be written.

    All but the height map, and the form made of it for registration, are flipped to read as the print does.
    """
    mirrored = facts.handedness == Item.Handedness.MIRRORED
    ink = virtual_print(relief.height)
    contents = (
        height_png(relief.height),
        webp(shader().shade(loaded.mesh, relief, mirrored=mirrored)),
        png(np.ascontiguousarray(ink[:, ::-1] if mirrored else ink)),
        item_form(relief.height, ink),
        viewer_glb(loaded.mesh, relief, mirrored=mirrored),
        json.dumps(_report(loaded, relief, facts), indent=1, ensure_ascii=False).encode(),
    )
    return dict(zip(ITEM_FILES, contents, strict=True))


def _report(loaded: LoadedMesh, relief: Relief, facts: PreparedItem) -> dict:
    return {
        "format": loaded.format,
        "faces": len(loaded.mesh.faces),
        "vertices": len(loaded.mesh.vertices),
        "repairs": list(loaded.repairs),
        "notes": list(relief.notes),
        "tilt_degrees": relief.tilt_degrees,
        "units_per_pixel": relief.units_per_pixel,
        "inlier_share": relief.inlier_share,
        "to_plane": relief.to_plane.tolist(),
        "handedness": facts.handedness,
        "mirrored_probability": facts.mirrored_probability,
        "turn": facts.turn,
        "upright_probability": facts.upright_probability,
        "prepared_with": facts.prepared_with,
    }
