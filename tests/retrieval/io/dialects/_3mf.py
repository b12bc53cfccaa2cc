"""3MF."""

import io
import zipfile

import numpy as np

from tests.pictures import png
from tests.retrieval.io.dialects import FACES, VERTICES

_CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>'
    "</Types>"
)
_PRODUCTION = (
    'xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06" requiredextensions="p"'
)


def relationships(start: str = "/3D/3dmodel.model") -> str:
    """The part that says where the package begins."""
    kind = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
    return f'<Relationships><Relationship Target="{start}" Id="r" Type="{kind}"/></Relationships>'


def mesh(vertices=VERTICES, faces=FACES) -> str:
    """The triangles of an object."""
    points = "".join(f'<vertex x="{x:.6g}" y="{y:.6g}" z="{z:.6g}"/>' for x, y, z in vertices)
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in faces)
    return f"<mesh><vertices>{points}</vertices><triangles>{triangles}</triangles></mesh>"


def model(inner: str, *, more: str = "", unit: str = ' unit="millimeter"', before: str = "") -> str:
    """A model part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<model{unit} xmlns="{_CORE}" {more}>{inner}</model>'
    )


def one(build: str = '<item objectid="1"/>', inner: str | None = None, **more: str) -> str:
    """A model of one object, and its build."""
    inner = mesh() if inner is None else inner
    text = f'<resources><object id="1" type="model">{inner}</object></resources><build>{build}</build>'
    return model(text, **more)


def package(
    main: str | bytes, *, start: str = "/3D/3dmodel.model", first: dict | None = None, **others: str
) -> bytes:
    """A 3MF. first: files before the model. others: parts beside it, by their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        for name, content in (first or {}).items():
            file.writestr(name, content)
        file.writestr("_rels/.rels", relationships(start))
        file.writestr(start.lstrip("/"), main)
        for name, content in others.items():
            file.writestr(f"3D/{name}.model", content)
    return buffer.getvalue()


_MOVED = VERTICES @ np.array([[0.0, 2, 0], [-2, 0, 0], [0, 0, 2]]) + [10, 20, 30]
_BACK = "0 -.5 0 .5 0 0 0 0 .5 -10 5 -15"  # what undoes it
_MIRROR = "-1 0 0 0 1 0 0 0 1 0 0 0"
_HALF = len(FACES) // 2
_JOINED = "The 2 parts of the scene were joined."
_PATH = '<item objectid="1" p:path="/3D/other.model"/>'
PLAIN = package(one())

READ = {
    "plain": PLAIN,
    "without a unit": package(one(unit="")),
    "inches": package(one(inner=mesh(VERTICES / 25.4), unit=' unit="inch"')),
    "microns": package(one(inner=mesh(VERTICES * 1000), unit=' unit="micron"')),
    "moved by its build": package(one(f'<item objectid="1" transform="{_BACK}"/>', mesh(_MOVED))),
    "mirrored by its build": package(
        one(f'<item objectid="1" transform="{_MIRROR}"/>', mesh(VERTICES * [-1, 1, 1], FACES[:, ::-1]))
    ),
    "components": package(
        model(
            f'<resources><object id="7">{mesh(_MOVED)}</object><object id="8"><components>'
            f'<component objectid="7" transform="{_BACK}"/></components></object></resources>'
            '<build><item objectid="8"/></build>'
        )
    ),
    "mirrored twice": package(
        model(
            f'<resources><object id="7">{mesh()}</object><object id="8"><components>'
            f'<component objectid="7" transform="{_MIRROR}"/></components></object></resources>'
            f'<build><item objectid="8" transform="{_MIRROR}"/></build>'
        )
    ),
    "two objects": (
        package(
            model(
                f'<resources><object id="1">{mesh(faces=FACES[:_HALF])}</object>'
                f'<object id="2">{mesh(faces=FACES[_HALF:])}</object></resources>'
                '<build><item objectid="1"/><item objectid="2"/></build>'
            )
        ),
        (_JOINED, f"{len(VERTICES)} vertices on the same spot as another were merged."),
    ),
    "another part (production)": package(
        model(f"<resources></resources><build>{_PATH}</build>", more=_PRODUCTION), other=one("")
    ),
    "a start of its own": package(one(), start="/3D/Block.model"),
    "a picture first": package(one(), first={"Metadata/thumbnail.png": png(1) + bytes(range(256)) * 300}),
    "names with a prefix": package(
        one().replace("<", "<m:").replace("<m:/", "</m:").replace("<m:?", "<?").replace("xmlns=", "xmlns:m=")
    ),
    "UTF-16": package(one().replace("UTF-8", "UTF-16").encode("utf-16")),
    "supports and what is not built": package(
        model(
            f'<resources><object id="1">{mesh()}</object>'
            f'<object id="2" type="support">{mesh(VERTICES * 3)}</object>'
            f'<object id="3">{mesh(VERTICES * 5)}</object></resources>'
            '<build><item objectid="1"/><item objectid="2"/></build>'
        )
    ),
}

_LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
_ITSELF = '<components><component objectid="1"/></components>'
_DOUBLED = "".join(
    f'<object id="{i}"><components>' + 2 * f'<component objectid="{i - 1}"/>' + "</components></object>"
    for i in range(2, 40)
)
REFUSED = {
    "entities": (
        package(one(before=_LAUGHS)),
        "mesh_unreadable",
        "declares a document type, which 3MF forbids",
    ),
    "an object of itself": (
        package(one(inner=_ITSELF)),
        "mesh_unreadable",
        "built of itself, or of far too many",
    ),
    "an object doubled again and again": (
        package(
            model(
                f'<resources><object id="1"><components/></object>{_DOUBLED}</resources>'
                '<build><item objectid="39"/></build>'
            )
        ),
        "mesh_unreadable",
        "built of itself, or of far too many",
    ),
    "a vertex that is not there": (
        package(one(inner=mesh(faces=[[0, 1, 99]]))),
        "mesh_bad_index",
        "line 1: a triangle names vertex 99, but",
    ),
    "a word": (
        package(one(inner=mesh()).replace('v1="', 'v1="x', 1)),
        "mesh_unreadable",
        "a triangle is not three",
    ),
    "decimal commas": (
        package(one().replace('x="', 'x="1,', 1)),
        "mesh_unreadable",
        "a vertex is not three numbers",
    ),
    "a transform of three": (
        package(one('<item objectid="1" transform="1 2 3"/>')),
        "mesh_unreadable",
        "a transform is not twelve numbers",
    ),
    "an object that is not there": (
        package(one('<item objectid="5"/>')),
        "mesh_unreadable",
        "has no object '5'",
    ),
    "a part that is not there": (
        package(model(f"<build>{_PATH}</build>", more=_PRODUCTION)),
        "mesh_unreadable",
        "no part 3D/other.model",
    ),
    "a unit of its own": (package(one(unit=' unit="cubit"')), "mesh_unreadable", "'cubit' is no unit of 3MF"),
    "an extension of its own": (
        package(one(more='xmlns:v="http://example.org/voxels" requiredextensions="v"')),
        "mesh_extension",
        "needs the extension http://example.org/voxels",
    ),
    "an encoding of its own": (
        package(one().replace("UTF-8", "x-rare")),
        "mesh_unreadable",
        "its XML has an encoding that is not read",
    ),
    "XML cut": (package(one()[:900]), "mesh_unreadable", "its XML is damaged"),
    "the zip cut": (PLAIN[: len(PLAIN) - 40], "mesh_truncated", "the zip inside the 3MF cannot be read"),
    "nothing built": (package(one("")), "mesh_no_triangles", "no triangles"),
}
