"""Pictures of a page that a worker derives: tiles for deep zoom, and a thumbnail."""

import math

from django.urls import reverse

from webapp.pages.models import Page

TILE = 512
"""Side of a tile, in pixels."""
ROOM = "pages"
THUMBNAIL = "thumb.webp"
REPORT = "tiles.json"
"""Written last: with it, all tiles are there."""


def tiles_version(page: Page) -> str:
    """Changes with the picture and its turn, so that browsers keep tiles for good."""
    return f"{page.sha256[:16]}-{page.turn}"


def levels(width: int, height: int) -> int:
    """How many levels a picture of this size has: 0 is one pixel, the last one is full size."""
    return math.ceil(math.log2(max(width, height, 1))) + 1


def tile_name(level: int, column: int, row: int) -> str:
    """The file of a tile below the page's folder."""
    return f"{level}/{column}_{row}.jpg"


def tiles_address(page: Page) -> str:
    """The address of a page's tiles, with {level}, {column} and {row} to be filled in."""
    address = reverse("documents:tile", args=[page.pk, tiles_version(page), 0, 0, 0])
    return address.removesuffix("0/0_0.jpg") + "{level}/{column}_{row}.jpg"


def thumbnail_address(page: Page) -> str | None:
    """The address of a page's thumbnail; None until it was read."""
    if page.state != Page.State.READY:
        return None
    return reverse("documents:thumbnail", args=[page.pk, tiles_version(page)])
