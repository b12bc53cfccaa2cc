"""Pages in a file of boxes, and the pages of a document that they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.names import NameIndex
from webapp.pages.interchange.layout import PageLayout, scaled_to, stem_of, turn_layout
from webapp.pages.models import Page

_SAME_SHAPE = 0.02


@dataclass(frozen=True)
class Problem:
    """Something in a file that was left out. where: the page or the box; code: a word for programs."""

    where: str
    code: str
    text: str


def match_pages(
    layouts: Iterable[PageLayout], pages: Sequence[Page]
) -> tuple[list[tuple[Page, PageLayout]], list[Problem]]:
    """Each page in a file with the page that it is: by its name, or else by a size that one page alone has.

    Layouts come back in pixels of the page as it is shown.
    """
    index = NameIndex()
    by_id = {page.pk: page for page in pages}
    for page in pages:
        index.add(stem_of(page.name), page.pk)
    found, problems = [], []
    for layout in layouts:
        named = index.find(layout.stem) or _of_size(layout, pages)
        if len(named) != 1:
            fault = "no page of the document is called so" if not named else "several pages are called so"
            problems.append(Problem(layout.name, "unknown_page", fault))
            continue
        page = by_id[next(iter(named))]
        shown = as_shown(layout, page)
        if page.state != Page.State.READY:
            problems.append(Problem(layout.name, "page_not_ready", "the page has not been read yet"))
        elif shown is None:
            problems.append(Problem(layout.name, "other_size", "its picture has another shape"))
        else:
            found.append((page, shown))
    return found, problems


def as_shown(layout: PageLayout, page: Page) -> PageLayout | None:
    """The layout in pixels of the page as it is shown; None where it is of a picture of another shape."""
    width, height = page.width or 0, page.height or 0
    if page.turn % 180:
        width, height = height, width
    if not width or not height:
        return None
    if layout.width and layout.height:
        in_shares = layout.width == layout.height == 1
        across, down = layout.width / width, layout.height / height
        if not in_shares and abs(across - down) > _SAME_SHAPE * max(across, down):
            return None
        layout = scaled_to(layout, width, height)
    else:
        layout = PageLayout(layout.name, width, height, layout.boxes, layout.sha256)
    return turn_layout(layout, page.turn)


def _of_size(layout: PageLayout, pages: Sequence[Page]) -> set[int]:
    """The pages whose picture has this size."""
    size = sorted((layout.width, layout.height))
    return {page.pk for page in pages if size == sorted((page.width or 0, page.height or 0))}
