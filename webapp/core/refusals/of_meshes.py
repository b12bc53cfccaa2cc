"""Refusals of meshes."""

from django.utils.translation import gettext_noop as _

_AGAIN = _("Copy or export it again, then upload it.")
_MESHES = _("Export it as %(meshes)s.")

MESH_WORDS: dict[str, tuple[str, str]] = {
    "not_a_mesh": (_("This is not a mesh."), _MESHES),
    "bad_mesh": (_("The mesh cannot be read."), _MESHES),
    "mesh_points": (
        _("This is a point cloud without a surface."),
        _("Create a surface from the points in the scanner software, and export it as STL or PLY."),
    ),
    "mesh_drawing": (_("This is a CAD drawing."), _("Export it from the CAD program as STL.")),
    "mesh_other_format": (
        _("This is a 3D scene in a format that is not supported."),
        _("Open it in Blender or MeshLab, and export it as STL or PLY."),
    ),
    "other_archive": (
        _("This kind of archive is not unpacked here."),
        _("Unpack it, and pack the files as a zip."),
    ),
    "mesh_empty": (_("The mesh file is empty."), _AGAIN),
    "mesh_unknown_format": (_("This mesh format is not supported."), _MESHES),
    "mesh_unreadable": (_("The mesh cannot be read."), _MESHES),
    "mesh_truncated": (_("The mesh file is incomplete."), _AGAIN),
    "mesh_bad_index": (_("The mesh file is damaged."), _AGAIN),
    "mesh_compressed": (_("The GLB is compressed."), _("Export it again without mesh compression.")),
    "mesh_extension": (
        _("The GLB needs a glTF extension that is not supported."),
        _("Export it again without extensions, or as binary STL."),
    ),
    "mesh_outside_file": (
        _("The GLB keeps its geometry in another file."),
        _("Export it again as one self-contained GLB file."),
    ),
    "mesh_no_triangles": (
        _("The mesh has no triangles."),
        _("Export it again as binary STL, as a surface and not only points."),
    ),
    "mesh_not_finite": (
        _("The mesh has vertices that are not finite numbers."),
        _("Repair it in the scanner software and export it again."),
    ),
    "mesh_decimal_comma": (
        _("The numbers of the mesh have decimal commas."),
        _("Export it again with decimal points."),
    ),
    "mesh_too_far": (
        _("The mesh is so far from the origin that its details are lost."),
        _("Move the mesh to the origin in the scanner software and export it again."),
    ),
    "mesh_no_extent": (
        _("The mesh has no size: all its triangles lie on one line or in one point."),
        _("Check the units of the export."),
    ),
    "block_no_carving": (
        _("No carving was found on the scan."),
        _("Scan the printing side, with its strokes; this may be the back, or another thing."),
    ),
    "block_unit": (
        _("A woodblock cannot be of this size."),
        _("Name the unit of the file, or scale it."),
    ),
    "mesh_no_relief": (
        _("The mesh has no relief."),
        _("Check that the file contains the carved face of a block."),
    ),
    "mesh_too_large": (
        _("The mesh has too many triangles."),
        _("Simplify the mesh or cut out one character."),
    ),
    "item_refused": (_("The mesh was rejected."), ""),
}
