"""Addresses of a query's derived pictures."""

from django.urls import reverse

from webapp.batches.models import Query

PICTURES = {
    "image": "page.webp",
    "input": "input.png",
}


def picture_url(query: Query, kind: str = "image") -> str | None:
    """Address of the picture, kind one of ``PICTURES``; None while the query has none."""
    if query.state != Query.State.READY:
        return None
    return reverse("batches:picture", args=[query.pk, query.sha256[:16], PICTURES[kind]])
