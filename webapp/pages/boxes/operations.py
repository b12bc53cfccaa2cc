"""What can be done to the boxes of a page, done to rows in memory: nothing here asks the database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from common.reading_order import order_boxes
from webapp.core.errors import Conflict, Refused
from webapp.pages.boxes.geometry import Rect, rect_on_page, straightened, union
from webapp.pages.models import Box, Page

FIELDS = ("x", "y", "w", "h", "score", "column", "order", "kind", "source", "not_character", "deleted")
MOST_BOXES = 20_000
_LEAST_GAP = 1e-6


@dataclass(frozen=True)
class Operation:
    """One thing done to boxes. op: a name of ``OPERATIONS``; the others as it needs them.

    boxes: ids. rect: of "move" and "add". after: id of the box that an added one follows, None for the place
    that the rule of reading order gives it. at: heights at which "split" cuts.
    column: of "order", the column that all of the boxes come into; None for that of the first of them.
    """

    op: str
    boxes: tuple[int, ...] = ()
    rect: Rect | None = None
    after: int | None = None
    at: tuple[float, ...] = ()
    column: int | None = None
    value: bool = True
    kind: str = ""


class EditedPage:
    """A page's boxes while they are edited. rows: all of them, deleted ones too; new ones are added.

    Raises, from any operation:
        Conflict: gone, where a box is not of this page.
        Refused: what the operation cannot do.
    """

    def __init__(self, page: Page, boxes: Iterable[Box], now: datetime) -> None:
        self.page, self.now = page, now
        self.rows = list(boxes)
        self._by_id = {box.pk: box for box in self.rows}
        self._before = {box.pk: values_of(box) for box in self.rows}

    def apply(self, operation: Operation) -> None:
        """Do one operation."""
        OPERATIONS[operation.op](self, operation)

    def changed(self) -> list[Box]:
        """The boxes that are not as they were, new ones last."""
        return [box for box in self.rows if box.pk is None or values_of(box) != self._before[box.pk]]

    def before(self, box: Box) -> dict[str, Any]:
        """What a box was; one that is new was deleted."""
        return self._before.get(box.pk) or values_of(box) | {"deleted": self.now}

    def box(self, pk: int) -> Box:
        """A box that is there, by its id."""
        found = self._by_id.get(pk)
        if found is None or found.deleted:
            raise Conflict(
                "the box has been deleted", hint="reload the page", code="box_gone", retryable=False
            )
        return found

    def boxes(self, pks: Sequence[int]) -> list[Box]:
        """Boxes that are there, by their ids, each once."""
        return [self.box(pk) for pk in dict.fromkeys(pks)]

    def in_order(self) -> list[Box]:
        """The boxes that are there, in reading order."""
        return sorted((box for box in self.rows if not box.deleted), key=lambda box: box.order)

    def move(self, operation: Operation) -> None:
        """Give a box another place or size."""
        for box in self.boxes(operation.boxes):
            self._set_rect(box, _rect(operation))

    def add(self, operation: Operation) -> None:
        """Draw a box."""
        if len(self.rows) >= MOST_BOXES:
            raise Refused("the page has too many boxes", code="too_many_boxes")
        box = Box(page=self.page, source=Box.Source.PERSON, order=0.0)
        self._set_rect(box, _rect(operation))
        if operation.after is None:
            self._put_by_rule(box)
        else:
            previous = self.box(operation.after)
            box.column, box.kind = previous.column, previous.kind
            self.put_after(previous, [box])
        self.rows.append(box)

    def delete(self, operation: Operation) -> None:
        """Take boxes away; they can be restored."""
        for box in self.boxes(operation.boxes):
            box.deleted = self.now

    def restore(self, operation: Operation) -> None:
        """Bring deleted boxes back."""
        for pk in operation.boxes:
            if pk not in self._by_id:
                self.box(pk)
            self._by_id[pk].deleted = None

    def merge(self, operation: Operation) -> None:
        """Make one box of several: the first in reading order grows around the others, which go."""
        first, *others = sorted(self.boxes(operation.boxes), key=lambda box: box.order)
        if not others:
            raise Refused("one box alone cannot be merged", hint="choose two or more", code="too_few_boxes")
        self._set_rect(first, union([rect_of(box) for box in (first, *others)]))
        for box in others:
            box.deleted = self.now

    def split(self, operation: Operation) -> None:
        """Cut boxes at heights, from top to bottom; the uppermost part stays the box that it was."""
        for box in self.boxes(operation.boxes):
            rect = rect_of(box)
            inside = sorted({at for at in operation.at if rect.y < at < rect.y + rect.h})
            if not inside:
                continue  # scissors through several at once: this one was not met
            edges = [rect.y, *inside, rect.y + rect.h]
            parts = [Rect(rect.x, top, rect.w, end - top) for top, end in pairwise(edges)]
            self._set_rect(box, parts[0])
            added = [self._like(box, part) for part in parts[1:]]
            self.put_after(box, added)
            self.rows += added

    def order(self, operation: Operation) -> None:
        """Have boxes read one after the other as they are named, from where the first of them stood."""
        boxes = self.boxes(operation.boxes)
        named = {id(box) for box in boxes}
        rows = self.in_order()
        first = next((place for place, box in enumerate(rows) if id(box) in named), 0)
        column = operation.column or rows[first].column
        self._spread(boxes, rows[first - 1] if first else None, named)
        for box in boxes:
            box.column = column

    def not_character(self, operation: Operation) -> None:
        """Say that boxes hold no character, or that they do."""
        for box in self.boxes(operation.boxes):
            box.not_character = operation.value

    def set_kind(self, operation: Operation) -> None:
        """Say what kind of text boxes are of."""
        for box in self.boxes(operation.boxes):
            box.kind = operation.kind

    def set_values(self, values: dict[str, Any]) -> None:
        """Make a box what it was, or was to be: one entry of an ``Edit``."""
        box = self._by_id[values["box"]]
        for name in FIELDS:
            if name in values:
                setattr(box, name, values[name])
        if isinstance(box.deleted, str):
            box.deleted = datetime.fromisoformat(box.deleted)

    def _set_rect(self, box: Box, rect: Rect) -> None:
        placed = rect_on_page(rect, self.page.width or 0, self.page.height or 0)
        if box.pk is None or placed != rect_of(box):
            box.x, box.y, box.w, box.h = placed
            box.source, box.score = Box.Source.PERSON, None

    def _like(self, box: Box, rect: Rect) -> Box:
        made = Box(
            page=self.page, source=Box.Source.PERSON, kind=box.kind, column=box.column, order=box.order
        )
        self._set_rect(made, rect)
        return made

    def _put_by_rule(self, box: Box) -> None:
        """Put a box behind the one after which the rule of reading order reads it."""
        rows = self.in_order()
        placed = order_boxes([self._straight(one) for one in (*rows, box)])
        ranked = sorted(zip(placed, (*rows, box), strict=True), key=lambda one: one[0].order)
        place = next(place for place, one in enumerate(ranked) if one[1] is box)
        previous = ranked[place - 1] if place else None
        following = ranked[place + 1] if place + 1 < len(ranked) else None
        column = ranked[place][0].column
        same = next((one for one in (previous, following) if one and one[0].column == column), None)
        if same:
            box.column, box.kind = same[1].column, same[1].kind
        else:  # a column of its own: those behind it are counted one further
            box.column = previous[1].column + 1 if previous else 1
            for one in rows:
                one.column += one.column >= box.column
        self.put_after(previous[1] if previous else None, [box])

    def _straight(self, box: Box) -> Rect:
        page = self.page
        return straightened(rect_of(box), page.angle, page.width or 0, page.height or 0)

    def put_after(self, previous: Box | None, boxes: Sequence[Box]) -> None:
        """Have boxes read behind one, or before all others where there is none."""
        if boxes:
            self._spread(boxes, previous, {id(box) for box in boxes})

    def _spread(self, boxes: Sequence[Box], previous: Box | None, named: set[int]) -> None:
        """Give boxes orders between a box and the next one that is not ``named``, with room for all."""
        low = previous.order if previous else None
        others = [box for box in self.in_order() if id(box) not in named]
        high = next((box.order for box in others if low is None or box.order > low), None)
        if low is None:
            low = (high if high is not None else len(boxes) + 1) - len(boxes) - 1
        gap = 1.0 if high is None else (high - low) / (len(boxes) + 1)
        if gap < _LEAST_GAP:
            for number, box in enumerate(others, 1):
                box.order = float(number)
            self._spread(boxes, previous, named)
            return
        for number, box in enumerate(boxes, 1):
            box.order = low + gap * number


def rect_of(box: Box | Rect) -> Rect:
    """A box's place."""
    return Rect(box.x, box.y, box.w, box.h)


def values_of(box: Box) -> dict[str, Any]:
    """What an edit may change of a box."""
    return {name: getattr(box, name) for name in FIELDS}


def is_person_s(box: Box) -> bool:
    """Whether a person or a file set the box, so that detecting again leaves it alone."""
    return box.edited_by_id is not None or box.source != Box.Source.MODEL


def _rect(operation: Operation) -> Rect:
    if operation.rect is None:
        raise Refused("a box needs four numbers", code="bad_box")
    return operation.rect


OPERATIONS: dict[str, Callable[[EditedPage, Operation], None]] = {
    "move": EditedPage.move,
    "add": EditedPage.add,
    "delete": EditedPage.delete,
    "restore": EditedPage.restore,
    "merge": EditedPage.merge,
    "split": EditedPage.split,
    "order": EditedPage.order,
    "not_character": EditedPage.not_character,
    "kind": EditedPage.set_kind,
}
