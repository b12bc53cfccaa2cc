"""What the editor of pages and faces gets of a box, whatever it stands on."""

from typing import Any

from webapp.pages.models import Box


def box_place(box: Box) -> dict[str, Any]:
    """Where a box stands, and who says so. box: a row, or one that stands for another thing with a place."""
    return {
        "id": box.pk,
        "x": box.x,
        "y": box.y,
        "w": box.w,
        "h": box.h,
        "column": box.column,
        "order": box.order,
        "kind": box.kind,
        "source": box.source,
        "score": box.score,
    }
