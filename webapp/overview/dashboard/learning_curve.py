"""What answers teach the search, as it happens: how high the right block stood when it was chosen."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from webapp.core.pages.charts import BarChart, Series, bar_chart
from webapp.overview.dashboard.pace import answers_seen_by
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.models import Decision
from webapp.search.models import Suggestion

_COLUMNS = 20
_LEAST = 10  # answers a column: fewer would tell of chance
_NEWEST = 10_000


def by_answers(user, *, own: bool) -> BarChart:
    """MRR@5 of the suggestions that stood when a match was chosen, in per cent, as the answers came in.

    Of the newest 10,000 matches, in columns of as many answers each, the oldest first. Those that were
    accepted for their confidence alone do not count; those answered blind do.
    """
    ranks = _ranks(user, own)
    size = max(_LEAST, -(-len(ranks) // _COLUMNS))
    parts = [ranks[start : start + size] for start in range(0, len(ranks), size)]
    if len(parts) > 1 and len(parts[-1]) < _LEAST:
        parts[-2:] = [parts[-2] + parts[-1]]
    ends = [sum(map(len, parts[: place + 1])) for place in range(len(parts))]
    series = Series("right", _("MRR@5 in percent"), [round(100 * _mrr(part)) for part in parts])
    return bar_chart(
        _("Rank of the correct block, by number of answers"), [f"{end:,}" for end in ends], [series]
    )


def _ranks(user, own: bool) -> list[int | None]:
    """The rank of each match that was chosen, the oldest first; None for what was none of the five."""
    accepted = BulkRow.objects.filter(decision=OuterRef("pk"), bulk__kind=BulkAnswer.Kind.THRESHOLD)
    rank = Suggestion.objects.filter(query=OuterRef("query"), item=OuterRef("item")).values("rank")[:1]
    matches = answers_seen_by(user, own=own).filter(~Exists(accepted), verdict=Decision.Verdict.MATCH)
    newest = matches.order_by("-pk").annotate(rank=Subquery(rank)).values_list("rank", flat=True)
    return list(newest[:_NEWEST])[::-1]


def _mrr(ranks: Sequence[int | None]) -> float:
    return sum(1 / rank for rank in ranks if rank) / len(ranks)
