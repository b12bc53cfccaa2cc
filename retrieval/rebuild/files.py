"""A block as a file of each kind, in millimetres."""

import io
import zipfile
from typing import cast

import numpy as np
import trimesh

from retrieval.io.encode import stl
from retrieval.types import Mesh

ENDINGS = ("stl", "glb", "3mf")

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="model" \
ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship \
Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>\
</Relationships>"""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<model unit="millimeter" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><resources>\
<object id="1" type="model"><mesh><vertices>
"""
_TAIL = """</triangles></mesh></object></resources><build><item objectid="1"/></build></model>
"""


def mesh_file(mesh: Mesh, ending: str) -> bytes:
    """The bytes of a block's file.

    ending: "stl" (binary), "3mf", or "glb" (in millimetres, though glTF's own unit is the metre).
    """
    if ending == "stl":
        return stl(mesh)
    if ending == "3mf":
        return _3mf(mesh)
    whole = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False, metadata={"units": "millimeters"})
    return cast(bytes, whole.export(file_type="glb"))


def _3mf(mesh: Mesh) -> bytes:
    """The 3MF core specification 1.3: a zip with one model."""
    model = io.BytesIO()
    model.write(_HEAD.encode())
    np.savetxt(model, mesh.vertices, fmt='<vertex x="%.4f" y="%.4f" z="%.4f"/>')
    model.write(b"</vertices><triangles>\n")
    np.savetxt(model, mesh.faces, fmt='<triangle v1="%d" v2="%d" v3="%d"/>')
    model.write(_TAIL.encode())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, data in (
            ("[Content_Types].xml", _TYPES.encode()),
            ("_rels/.rels", _RELATIONS.encode()),
            ("3D/3dmodel.model", model.getvalue()),
        ):
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
