"""A page made a block, from the plan to the solid: what the command and the worker call."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrieval.rebuild.face import NewFace, compose
from retrieval.rebuild.overlap import meeting, printed
from retrieval.rebuild.plan import Making, RebuildPlan
from retrieval.rebuild.record import record_of
from retrieval.rebuild.solid import block_of
from retrieval.types import Mesh


@dataclass(frozen=True)
class Rebuilt:
    """A block that was made again.

    mesh: closed, in millimetres. face: what it shows. made: (H, W) float32 in [0, 1], the ink that it prints.
    meets: share of strokes that meet the page's, in [0, 1]; each: (N,) of each character.
    record: JSON, where every character comes from.
    """

    mesh: Mesh
    face: NewFace
    made: np.ndarray
    meets: float
    each: np.ndarray
    record: dict


def rebuild(
    plan: RebuildPlan, making: Making | None = None, *, progress: Callable[[int, int], None] | None = None
) -> Rebuilt:
    """Make a block again.

    making: thickness, triangles, and the like; what is usual where None.
    progress: called with the number of characters done, and of all.

    Raises:
        BadPlan: the print shows no ink, or the wood is too thin for the carving.
    """
    making = making or Making()
    face = compose(plan, making, progress=progress)
    made = printed(face)
    meets, each = meeting(face, made)
    mesh = block_of(face, making)
    return Rebuilt(mesh, face, made, meets, each, record_of(plan, face, mesh, making, meets, each))
