"""The new face: every character's relief on the print's place, frame and rules, and the ground between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.rebuild.inks import character_mask, edge_distance, print_ink, rules_of, usual_side, window
from retrieval.rebuild.placing import ROOM, best_fit, form_of, lay
from retrieval.rebuild.plan import FROM_PRINT, SAME_CARVING, Making, RebuildPlan, Source, Spot
from retrieval.rebuild.profile import learn_profile

FINEST = 0.1  # millimetres a pixel
_MOST_PIXELS = 6_000  # of the longer side
_USUAL_DEPTH = 1.5  # millimetres, where no carving of the gallery says its own
_SOFT = 0.8  # of ROOM: a character's relief ends softly
_NO_PRINT = 0.4  # of the depth: so high, wood is not inked
_LEAST_FIT = 0.3  # correlation of inks, below which a carving says less than the print itself
_FEWEST_PIXELS = 8
_SCALLOP, _SCALLOP_DEEP = 2.4, 0.06  # millimetres between a gouge's cuts, and how deep they are


@dataclass(frozen=True)
class Part:
    """One character of the new face.

    spot: of the plan. source: where its relief comes from. item: the carving's name, or empty.
    fit: correlation of the print's ink and the carving's, in [-1, 1]; 1 where it was raised from the print.
    box: left, top, width and height in pixels of the face.
    """

    spot: Spot
    source: Source
    item: str
    fit: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class NewFace:
    """A face that was put together, as it prints.

    height: (H, W) float32, millimetres over the strokes' tops: 0 there, -depth at the floor.
    ink: (H, W) float32 in [0, 1], the page's, on the same grid.
    rules: (H, W) bool, what was raised from the print as frame and rules.
    pitch: (across, down) millimetres a pixel.
    depth: from the tops to the floor, in millimetres.
    parts: in reading order.
    """

    height: np.ndarray
    ink: np.ndarray
    rules: np.ndarray
    pitch: tuple[float, float]
    depth: float
    parts: tuple[Part, ...]


def compose(
    plan: RebuildPlan, making: Making, *, progress: Callable[[int, int], None] | None = None
) -> NewFace:
    """Put a face together.

    progress: called with the number of characters done, and of all.

    Raises:
        BadPlan: the print shows no ink.
    """
    shape, pitch = _grid_of(plan)
    ink = print_ink(plan, shape)
    scale = np.array(shape[::-1]) / plan.print.shape[::-1]
    boxes = [_scaled(spot.box, scale) for spot in plan.spots]
    side = usual_side(plan) * float(scale.mean())
    profile = learn_profile(item.height for item in plan.items.values())
    characters = character_mask(boxes, shape)
    rules = rules_of(ink, characters, side)
    from_print = profile.relief(edge_distance(np.where(characters, ink, rules), 1 / side))
    # The ground rises towards every stroke of the page; where nothing else stands, it prints nothing.
    relief = np.minimum(from_print, _NO_PRINT)
    if rules.any():
        np.maximum(relief, profile.relief(edge_distance(rules, 1 / side)), out=relief)
    parts = []
    for done, (spot, box) in enumerate(zip(plan.spots, boxes, strict=True), start=1):
        parts.append(_raise_spot(relief, ink, from_print, spot, box, plan))
        if progress:
            progress(done, len(boxes))
    depth = making.depth_mm or _depth_of(plan)
    height = depth * (np.minimum(relief, 1) - 1)
    if making.tool_marks:
        height -= _tool_marks(shape, pitch, depth) * (1 - np.clip(relief, 0, 1))
    return NewFace(height.astype(np.float32), ink, rules > 0.5, pitch, depth, tuple(parts))


def _grid_of(plan: RebuildPlan) -> tuple[tuple[int, int], tuple[float, float]]:
    """Rows and columns of the face's grid, and its pitch."""
    wide, high = plan.size_mm
    pitch = max(FINEST, max(wide, high) / _MOST_PIXELS)
    columns, rows = max(16, round(wide / pitch)), max(16, round(high / pitch))
    return (rows, columns), (wide / columns, high / rows)


def _scaled(box: tuple[float, float, float, float], scale: np.ndarray) -> tuple[float, float, float, float]:
    x, y, w, h = box
    return float(x * scale[0]), float(y * scale[1]), float(w * scale[0]), float(h * scale[1])


def _depth_of(plan: RebuildPlan) -> float:
    known = [item.depth_mm for item in plan.items.values() if item.depth_mm]
    return float(np.median(known)) if known else _USUAL_DEPTH


def _raise_spot(
    relief: np.ndarray,
    ink: np.ndarray,
    from_print: np.ndarray,
    spot: Spot,
    box: tuple[float, float, float, float],
    plan: RebuildPlan,
) -> Part:
    """Raise the face where a character stands, in place."""
    here = window(box, ink.shape, ROOM)
    part, raised = _from_item(ink[here], spot, box, plan)
    if raised is None:
        part, raised = Part(spot, FROM_PRINT, "", 1.0, box), from_print[here]
    np.maximum(relief[here], raised * _fade(raised.shape), out=relief[here])
    return part


def _from_item(
    ink: np.ndarray, spot: Spot, box: tuple[float, float, float, float], plan: RebuildPlan
) -> tuple[Part, np.ndarray | None]:
    """The relief of the carving that fits best among those of the nearest relation; None where none does."""
    pairs = zip(spot.items, spot.relations, strict=True)
    named = [pair for pair in pairs if pair[0] in plan.items]
    same = [pair for pair in named if pair[1] == SAME_CARVING] or named
    nothing = Part(spot, FROM_PRINT, "", 1.0, box)
    if not same or min(ink.shape) < _FEWEST_PIXELS:
        return nothing, None
    best, transform = best_fit(ink, [form_of(plan.items[name].height) for name, _ in same])
    name, relation = same[best]
    laid = lay(plan.items[name].height, ink, transform)
    if laid.fit < _LEAST_FIT:
        return nothing, None
    return Part(spot, relation, name, laid.fit, box), laid.relief


def _fade(shape: Sequence[int]) -> np.ndarray:
    """(h, w) float32: 1 over the box, falling to 0 at the window's rim, so that neighbours are left alone."""
    ways = []
    for side in shape:
        room = max(1.0, side * ROOM / (1 + 2 * ROOM) * _SOFT)
        place = np.arange(side) + 0.5
        ways.append(np.clip(np.minimum(place, side - place) / room, 0, 1))
    return (ways[0][:, None] * ways[1][None]).astype(np.float32)


def _tool_marks(shape: tuple[int, int], pitch: tuple[float, float], depth: float) -> np.ndarray:
    """(H, W) float32 in millimetres: how much deeper a gouge's cuts are; the same at every making."""
    random = np.random.default_rng(18)
    coarse = random.normal(size=(12, 12)).astype(np.float32)
    wavy = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    down = np.arange(shape[0], dtype=np.float32)[:, None] * pitch[1]
    phase = np.pi * (down + 1.5 * wavy) / _SCALLOP
    return (min(_SCALLOP_DEEP, 0.1 * depth) * np.abs(np.sin(phase))).astype(np.float32)
