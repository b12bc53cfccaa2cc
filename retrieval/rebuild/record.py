"""What is said of a rebuilt block: for every character where it comes from, and what is conjecture."""

from collections import Counter

import numpy as np

from retrieval.rebuild.face import NewFace, Part
from retrieval.rebuild.plan import FROM_PRINT, SAME_CARVING, SOURCES, Making, RebuildPlan
from retrieval.types import Mesh


def record_of(
    plan: RebuildPlan, face: NewFace, mesh: Mesh, making: Making, meets: float, each: np.ndarray
) -> dict:
    """The record as JSON has it.

    meets: share of strokes that meet in all. each: (N,) of each character.
    """
    size = face.height.shape[1] * face.pitch[0], face.height.shape[0] * face.pitch[1]
    counts = Counter(part.source for part in face.parts)
    return {
        "page": plan.name,
        "unit": "mm",
        "width_mm": round(size[0], 2),
        "height_mm": round(size[1], 2),
        "thickness_mm": making.thickness_mm,
        "depth_mm": round(face.depth, 3),
        "mirrored": making.mirrored,
        "tool_marks": making.tool_marks,
        "triangles": len(mesh.faces),
        "strokes_meet": round(meets, 4),
        "sources": {source: counts.get(source, 0) for source in SOURCES},
        "conjecture": "the ground, frame and rules, the depth, and every character whose conjecture is true",
        "characters": [_part(part, plan, float(one)) for part, one in zip(face.parts, each, strict=True)],
    }


def _part(part: Part, plan: RebuildPlan, meets: float) -> dict:
    spot = part.spot
    item = plan.items.get(part.item)
    return {
        "order": spot.order,
        "character": spot.character,
        "box": [round(side, 2) for side in spot.box],
        "source": part.source,
        "conjecture": part.source != SAME_CARVING,
        "item": part.item,
        "block": item.block if item else "",
        "print": plan.name if part.source == FROM_PRINT else "",
        "by": spot.by,
        "fit": round(part.fit, 3),
        "strokes_meet": round(meets, 3),
    }
