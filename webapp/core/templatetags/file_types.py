"""Which files a page takes: for people in words, for the browser's file dialog by endings."""

from django import template

from common.file_types import Kind, endings_of
from webapp.core.pages.file_words import listed_in_words

register = template.Library()


@register.simple_tag
def file_types(kind: str) -> str:
    """The types of a kind ("mesh", "picture") that are read, in words."""
    return listed_in_words(Kind(kind))


@register.simple_tag
def file_endings(*kinds: str) -> str:
    """The endings of all types of these kinds that are read, as an ``accept`` attribute has them."""
    return ",".join(f".{word}" for word in endings_of(*map(Kind, kinds)))
