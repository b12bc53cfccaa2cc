"""Addresses of an item's derived files. The address changes whenever the files do."""

from django.urls import reverse

from webapp.gallery.models import Item

PICTURES = {
    "height": "height.png",
    "thumbnail": "thumb.webp",
    "print": "print.png",
    "viewer": "viewer.glb",
}


def picture_version(item: Item) -> str:
    """What the present files were made with, and for which way of reading the item."""
    return f"{item.prepared_with[:16]}{item.handedness[:1]}{item.turn or ''}" or "0"


def picture_url(item: Item, kind: str) -> str | None:
    """Address of the picture, kind one of ``PICTURES``; None while the item has none."""
    if item.state != Item.State.READY:
        return None
    return reverse("gallery:picture", args=[item.pk, picture_version(item), PICTURES[kind]])
