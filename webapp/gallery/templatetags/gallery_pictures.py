"""Addresses of items' pictures, for the pages of every room."""

from django import template

from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url

register = template.Library()


@register.filter
def item_picture(item: Item, kind: str) -> str:
    """Address of one of the item's pictures; empty while it has none."""
    return picture_url(item, kind) or ""
