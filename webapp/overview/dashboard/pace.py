"""How much is answered, how fast, and what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import timezone as fixed_zone
from itertools import pairwise

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Floor, TruncDay, TruncHour
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from webapp.batches.selectors import batches_for
from webapp.core.pages.charts import BarChart, Series, bar_chart
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.consensus.labels import last_decisions
from webapp.review.consensus.rule import ANSWERS
from webapp.review.models import Decision
from webapp.search.models import Suggestion

_DAYS, _HOURS, _BINS = 14, 24, 20
_RECENT, _LEAST = 1000, 10
_BREAK = 120.0  # seconds; who answers nothing for longer is not at work
Verdict = Decision.Verdict


@dataclass(frozen=True)
class Today:
    """Answers since midnight: this person's, and everybody's in the batches that they see."""

    mine: int
    all: int


def answers_seen_by(user, *, own: bool) -> QuerySet[Decision]:
    """Answers that stand, in the batches that ``user`` sees; only their own, or everybody's.

    Each person's last word on a query; no gold cards, no rulings.
    """
    answers = last_decisions().filter(verdict__in=ANSWERS, gold=False)
    if own:
        answers = answers.filter(annotator=user)
    return answers.filter(query__batch__in=batches_for(user))


def answered_today(user) -> Today:
    """What was answered since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    found = answers_seen_by(user, own=False).filter(created__gte=midnight)
    return Today(**found.aggregate(mine=Count("pk", filter=Q(annotator=user)), all=Count("pk")))


def pace_of(user, *, own: bool) -> float | None:
    """Answers an hour of work, one person's or of each person on average; None where there are too few.

    Of the latest thousand answers given one by one in the last 14 days. Breaks of over two minutes are no
    work.
    """
    since = timezone.now() - timedelta(days=_DAYS)
    recent = (
        answers_seen_by(user, own=own).filter(created__gte=since, bulk_row__isnull=True).order_by("-created")
    )
    times: dict[int, list[datetime]] = {}
    for annotator, created in recent.order_by("-created").values_list("annotator", "created")[:_RECENT]:
        times.setdefault(annotator, []).append(created)
    gaps = [gap for some in times.values() for gap in _gaps(some) if gap <= _BREAK]
    worked = sum(gaps)
    return 3600 * len(gaps) / worked if len(gaps) >= _LEAST and worked else None


def by_day(user, *, own: bool) -> BarChart:
    """Answers a day of the last two weeks, by what they say."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    counts = _counted(answers_seen_by(user, own=own).filter(created__gte=days[0]), TruncDay("created"))
    labels = [date_format(day, "j.n.") for day in days]
    return bar_chart(_("Answers per day"), labels, _by_verdict(days, counts))


def by_hour(user, *, own: bool) -> BarChart:
    """Answers an hour of the last day."""
    local = timezone.localtime()
    # As it goes now: where it was put back, no hour comes twice.
    clock = fixed_zone(local.utcoffset() or timedelta())
    now = local.astimezone(clock).replace(minute=0, second=0, microsecond=0)
    hours = [now - timedelta(hours=back) for back in range(_HOURS - 1, -1, -1)]
    answers = answers_seen_by(user, own=own).filter(created__gte=hours[0])
    counts = _counted(answers, TruncHour("created", tzinfo=clock))
    labels = [date_format(hour, "H:00") for hour in hours]
    return bar_chart(_("Answers per hour"), labels, _by_verdict(hours, counts))


def by_confidence(user, *, own: bool) -> BarChart:
    """Answers by how sure the search was of its first suggestion."""
    rows = (
        _looked_at(user, own)
        .filter(query__suggestions__rank=1)
        .annotate(
            place=Cast(Floor(F("query__suggestions__confidence") * _BINS), IntegerField()),
            first=Case(
                When(verdict=Verdict.MATCH, item=F("query__suggestions__item"), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
        )
        .order_by()
        .values_list("place", "first")
        .annotate(Count("pk"))
    )
    counts = {True: [0] * _BINS, False: [0] * _BINS}
    for place, first, count in rows:
        counts[first][max(0, min(_BINS - 1, place))] += count
    series = [
        Series("first", _("the first suggestion"), counts[True]),
        Series("wrong", _("something else"), counts[False]),
    ]
    labels = [f"{100 * place // _BINS} %" for place in range(_BINS)]
    return bar_chart(_("Answers by confidence of the first suggestion"), labels, series)


def by_rank(user, *, own: bool) -> BarChart:
    """Answers by the place of what was chosen."""
    rank = Suggestion.objects.filter(query=OuterRef("query"), item=OuterRef("item")).values("rank")[:1]
    rows = _looked_at(user, own).annotate(rank=Subquery(rank)).order_by().values_list("verdict", "rank")
    counts: dict[str, int] = {}
    for verdict, place, count in rows.annotate(Count("pk")):
        key = (str(place) if place else "other") if verdict == Verdict.MATCH else verdict
        counts[key] = counts.get(key, 0) + count
    names = {"other": _("another"), Verdict.NONE: _("none"), Verdict.UNSURE: _("unsure")}
    keys = [*"12345", *names]
    colours = [("match", _("one of the five"), set("12345")), ("other", _("another block"), {"other"})]
    colours += [("none", _("none"), {Verdict.NONE}), ("unsure", _("unsure"), {Verdict.UNSURE})]
    series = [
        Series(key, name, [counts.get(one, 0) if one in members else 0 for one in keys])
        for key, name, members in colours
    ]
    return bar_chart(_("Which suggestion was chosen"), [str(names.get(key, key)) for key in keys], series)


def _gaps(times: list[datetime]) -> Iterable[float]:
    ordered = sorted(times)
    return ((after - before).total_seconds() for before, after in pairwise(ordered))


def _looked_at(user, own: bool) -> QuerySet[Decision]:
    """Answers but for those that were accepted for their confidence alone."""
    accepted = BulkRow.objects.filter(decision=OuterRef("pk"), bulk__kind=BulkAnswer.Kind.THRESHOLD)
    return answers_seen_by(user, own=own).exclude(Exists(accepted))


def _counted(answers: QuerySet[Decision], when) -> dict[tuple[datetime, str], int]:
    """How many there are by (moment, series)."""
    together = Exists(BulkRow.objects.filter(decision=OuterRef("pk")))
    rows = answers.annotate(moment=when, together=together).order_by()
    counts: dict[tuple[datetime, str], int] = {}
    for moment, verdict, many, count in rows.values_list("moment", "verdict", "together").annotate(
        Count("pk")
    ):
        key = moment, "together" if many else verdict
        counts[key] = counts.get(key, 0) + count
    return counts


def _by_verdict(moments: list[datetime], counts: dict[tuple[datetime, str], int]) -> list[Series]:
    names = [
        ("match", _("match")),
        ("together", _("bulk confirmed")),
        ("none", _("none")),
        ("unsure", _("unsure")),
    ]
    return [Series(key, name, [counts.get((moment, key), 0) for moment in moments]) for key, name in names]
