"""Addresses of queries' pictures, for the pages of every room."""

from django import template

from webapp.batches.models import Query
from webapp.batches.pictures import picture_url

register = template.Library()


@register.filter
def query_picture(query: Query) -> str:
    """Address of the query as uploaded, made fit for a page; empty while there is none."""
    return picture_url(query) or ""
