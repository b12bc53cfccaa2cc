"""Where the pictures of print over print lie, and how they are addressed."""

from django.urls import reverse

from webapp.core.files.derived import is_complete
from webapp.printed.models import PageMatch

ROOM = "matches"
PAGE_PICTURE, BLOCK_PICTURE = "page.webp", "block.webp"


def pictures_there(match: PageMatch) -> bool:
    """Whether a worker has made both."""
    return is_complete(ROOM, match.pk, [PAGE_PICTURE, BLOCK_PICTURE])


def picture_url(match: PageMatch, kind: str) -> str:
    """kind: "page", or "block" for the block's print as it lies on the page."""
    return reverse("printed:picture", args=[match.pk, kind])
