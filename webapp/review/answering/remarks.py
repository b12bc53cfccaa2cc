"""Comments on queries, and flags that ask a reviewer to look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from webapp.batches.models import Query
from webapp.core.errors import Refused
from webapp.review.answer import check_text
from webapp.review.models import Decision, Remark


@transaction.atomic
def remark_add(*, query: Query, annotator, text: str = "", flag: bool = False) -> Remark:
    """Write a comment, or a flag, or both beside a query, without an answer.

    The same words of the same person, said last of the query, are written once: a request sent again
    because its answer was lost says nothing new.

    Raises:
        Refused: there is neither, or the text is too long.
    """
    check_text(text)
    text = text.strip()
    if not text and not flag:
        raise Refused("a comment needs text or a flag", code="bad_remark")
    Query.objects.select_for_update().filter(pk=query.pk).first()
    last = Remark.objects.filter(query=query, annotator=annotator, decision=None).order_by("-pk").first()
    if last and (last.text, last.flag, last.resolved) == (text, flag, None):
        return last
    return Remark.objects.create(query=query, annotator=annotator, text=text, flag=flag)


def flags_resolve(*, query: Query, reviewer) -> int:
    """A reviewer has looked: no flag of the query asks for it any more. Returns how many did."""
    flags = Remark.objects.filter(query=query, flag=True, resolved__isnull=True)
    return flags.update(resolved=timezone.now(), resolved_by=reviewer)


@dataclass(frozen=True)
class Comment:
    """What somebody wrote of a query: beside an answer, or by itself."""

    who: str
    text: str
    created: datetime


def comments_of(queries: Iterable[Query]) -> dict[int, list[Comment]]:
    """What was written of each query, the oldest first, in two database queries; not beside gold cards."""
    pks = [query.pk for query in queries]
    values = ("query", "annotator__username", "created")
    decisions = Decision.objects.filter(query__in=pks, gold=False).exclude(comment="")
    rows = [*decisions.values_list(*values, "comment")]
    rows += Remark.objects.filter(query__in=pks).exclude(text="").values_list(*values, "text")
    found: dict[int, list[Comment]] = {pk: [] for pk in pks}
    for query, who, created, text in sorted(rows, key=lambda row: row[2]):
        found[query].append(Comment(who, text, created))
    return found
