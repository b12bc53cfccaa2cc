"""A box that is at a place already is found as by a look at all of them."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.pages.boxes.geometry import Rect, iou
from webapp.pages.boxes.operations import rect_of
from webapp.pages.boxes.same_place import SAME_BOX, BoxesByPlace
from webapp.pages.models import Box

number = st.integers(0, 300)
rects = st.builds(Rect, number, number, st.integers(3, 400), st.integers(3, 400))


def by_a_look_at_all(boxes: list[Box], rect: Rect, least: float) -> float | None:
    most = max((iou(rect, rect_of(box)) for box in boxes), default=0.0)
    return most if most > least else None


@given(there=st.lists(rects, max_size=12), asked=rects, least=st.sampled_from([SAME_BOX, 0.9]))
def test_the_nearest_is_found(there, asked, least):
    boxes = [Box(x=x, y=y, w=w, h=h) for x, y, w, h in there]
    near = [rect._replace(x=rect.x + 2, y=rect.y + 1) for rect in there]
    for rect in (asked, *there, *near):
        found = BoxesByPlace(boxes).at(rect, least=least)
        assert (found and iou(rect, rect_of(found))) == by_a_look_at_all(boxes, rect, least)
