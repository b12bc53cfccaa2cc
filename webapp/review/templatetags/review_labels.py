"""Labels, for the pages of rooms below this one."""

from collections.abc import Iterable

from django import template

from webapp.batches.models import Query
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision

register = template.Library()


@register.simple_tag
def labels_of(queries: Iterable[Query]) -> dict[int, Decision]:
    """The labels of those queries that have one, by the query's id, in one database query."""
    return query_labels(queries)


@register.filter
def label(labels: dict[int, Decision], query: Query) -> Decision | None:
    """The query's own among ``labels``."""
    return labels.get(query.pk)
