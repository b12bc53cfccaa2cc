"""Rectangles on a page, in pixels."""

import math
from typing import NamedTuple

from webapp.core.errors import Refused

LEAST_SIDE = 3.0
"""A box has at least so many pixels each way."""


class Rect(NamedTuple):
    """Left, top, width and height."""

    x: float
    y: float
    w: float
    h: float


def rect_on_page(rect: Rect, width: int, height: int) -> Rect:
    """The part of a rectangle that lies on a page of this size, rounded to tenths of a pixel.

    Raises:
        Refused: box_outside, box_too_small, or bad_box for numbers that are none.
    """
    if not all(math.isfinite(number) for number in rect):
        raise Refused("a box needs four numbers", code="bad_box")
    left, top = max(0.0, rect.x), max(0.0, rect.y)
    right, bottom = min(float(width), rect.x + rect.w), min(float(height), rect.y + rect.h)
    if left >= width or top >= height or right <= 0 or bottom <= 0:
        raise Refused("the box is outside the page", hint="draw it on the page", code="box_outside")
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        raise Refused("the box is too small", hint="draw it around the character", code="box_too_small")
    return Rect(*(round(number, 1) for number in (left, top, right - left, bottom - top)))


def iou(one: Rect, other: Rect) -> float:
    """Intersection over union of two rectangles, in [0, 1]."""
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / (one.w * one.h + other.w * other.h - both)


def union(rects: list[Rect]) -> Rect:
    """The smallest rectangle around all of them."""
    left, top = min(one.x for one in rects), min(one.y for one in rects)
    right, bottom = max(one.x + one.w for one in rects), max(one.y + one.h for one in rects)
    return Rect(left, top, right - left, bottom - top)


def straightened(rect: Rect, angle: float, width: int, height: int) -> Rect:
    """A rectangle of the same size where its centre comes to lie once the page's skew is taken out.

    angle: degrees of skew, clockwise positive.
    """
    turn = math.radians(-angle)
    across, down = rect.x + rect.w / 2 - width / 2, rect.y + rect.h / 2 - height / 2
    x = width / 2 + across * math.cos(turn) - down * math.sin(turn)
    y = height / 2 + across * math.sin(turn) + down * math.cos(turn)
    return Rect(x - rect.w / 2, y - rect.h / 2, rect.w, rect.h)
