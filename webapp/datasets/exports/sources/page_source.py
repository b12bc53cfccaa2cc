"""The pages of a document as the box formats write them."""

from collections.abc import Iterator

from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.pages.boxes.states import STATE_FIELDS, box_state
from webapp.pages.interchange.box_format import BookLayout, unlike
from webapp.pages.interchange.layout import BoxLayout, PageLayout, as_scanned, stem_of
from webapp.pages.models import Box, Document, Page
from webapp.pages.selectors import document_pages
from webapp.review.consensus.labels import labels_among


def book_of(document: Document, page: Page | None = None) -> BookLayout:
    """A document that is to be written, or one page of it; pages that are not read yet have no boxes."""
    rows = list(document_pages(document).exclude(state=Page.State.REJECTED))
    names = _names(rows)
    wanted = [one for one in rows if page is None or one.pk == page.pk]

    def pages() -> Iterator[PageLayout]:
        return (page_layout(one, names[one.pk]) for one in wanted)

    return BookLayout(
        title=document.title,
        pages=pages,
        source=document.source,
        shelf_mark=document.shelf_mark,
        date=document.date,
        rights=document.rights,
    )


def page_layout(page: Page, name: str) -> PageLayout:
    """A page with the boxes that hold a character, in reading order, in pixels of its picture.

    name: of the picture in the export.
    """
    found = Box.objects.filter(page=page, deleted=None, not_character=False).order_by("order", "pk")
    boxes = list(found)
    pks = [box.query_id for box in boxes if box.query_id]
    rows = {row["pk"]: row for row in Query.objects.filter(pk__in=pks).values(*STATE_FIELDS)}
    characters = _characters([pk for pk, row in rows.items() if row["answered"]])
    layouts = (
        _box_layout(box, order, rows.get(box.query_id or 0), characters.get(box.query_id or 0, ""))
        for order, box in enumerate(boxes, 1)
    )
    shown = PageLayout(
        name=name,
        width=page.width or 0,
        height=page.height or 0,
        boxes=tuple(layouts),
        sha256=page.sha256,
        turn=page.turn,
        angle=page.angle,
    )
    return as_scanned(shown)


def _box_layout(box: Box, order: int, row: dict | None, character: str) -> BoxLayout:
    return BoxLayout(
        x=box.x,
        y=box.y,
        w=box.w,
        h=box.h,
        column=box.column,
        order=order,
        kind=box.kind,
        character=character,
        proposal=box.proposal,
        score=box.score,
        state=box_state(box, row),
    )


def _characters(queries: list[int]) -> dict[int, str]:
    """The characters of the blocks that labels name, by the query's id."""
    items = {pk: label.item_id for pk, label in labels_among(queries).items() if label.item_id}
    named = dict(Item.objects.filter(pk__in=set(items.values())).values_list("pk", "character"))
    return {pk: named.get(item, "") for pk, item in items.items()}


def _names(pages: list[Page]) -> dict[int, str]:
    """Names of pictures that differ from each other and lead into no folder, by the pages' ids."""
    taken: set[str] = set()
    found = {}
    for page in pages:
        ending = page.name.rpartition(".")[2]
        stem = "".join("_" if char in '<>:"\\|?*' or char < " " else char for char in stem_of(page.name))
        named = unlike(stem.strip(" .") or "page", taken)
        found[page.pk] = f"{named}.{ending}" if 0 < len(ending) < 6 and ending.isalnum() else named
    return found
