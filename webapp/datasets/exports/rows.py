"""The labelled queries of a batch, one after another, with all that is known of how they came to be."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from webapp.batches.models import Batch, Query
from webapp.gallery.models import Item
from webapp.review.answering.remarks import Comment, comments_of
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision, FurtherMatch
from webapp.search.models import Suggestion

_AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """One query. label: what its decisions add up to; None where it is unanswered.

    suggestions: in the order of their ranks. image: path of its picture in the export's zip, else empty.
    also: the label's further matches. comments: what anybody wrote of it.
    """

    query: Query
    label: Decision | None
    suggestions: tuple[Suggestion, ...]
    image: str = ""
    also: tuple[FurtherMatch, ...] = ()
    comments: tuple[Comment, ...] = ()


def rows_of(batch: Batch) -> Iterator[Row]:
    """All queries of a batch that could be read, in the order in which they came.

    Some are read at a time, so that memory does not grow with the batch.
    """
    # An item is suggested for many queries: fetched once for all of them, and only what is written of it.
    items = Prefetch("item", queryset=Item.objects.only("name", "character"))
    suggestions = Suggestion.objects.order_by("rank").prefetch_related(items)
    ready = Query.objects.filter(batch=batch, state=Query.State.READY).defer("vector").order_by("pk")
    ready = ready.prefetch_related(Prefetch("suggestions", queryset=suggestions))
    last = 0
    while some := list(ready.filter(pk__gt=last)[:_AT_ONCE]):
        last = some[-1].pk
        labels, comments = query_labels(some), comments_of(some)
        for query in some:
            label = labels.get(query.pk)
            yield Row(
                query,
                label,
                tuple(query.suggestions.all()),
                also=tuple(label.also.all()) if label else (),
                comments=tuple(comments[query.pk]),
            )


def count_of(batch: Batch) -> int:
    """How many rows ``rows_of`` gives."""
    return Query.objects.filter(batch=batch, state=Query.State.READY).count()


def common_folder(batch: Batch) -> str:
    """The folder in which all of a batch's pictures lie, with its last "/"; empty where they have none."""
    names = Query.objects.filter(batch=batch, state=Query.State.READY).values_list("name", flat=True)
    common: list[str] | None = None
    for name in names.order_by().iterator():
        folders = name.split("/")[:-1]
        if common is None:
            common = folders
        while common and folders[: len(common)] != common:
            common.pop()
        if not common:
            return ""
    return "/".join(common) + "/" if common else ""
