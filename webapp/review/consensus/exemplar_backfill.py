"""Making exemplars of what was matched before there were any."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from webapp.batches.models import Query
from webapp.review.consensus.exemplars import exemplars_keep_up
from webapp.review.consensus.standings import standings
from webapp.review.models import Decision
from webapp.search.models import Exemplar

_AT_ONCE = 500


def exemplars_catch_up(*, most: int = 20_000) -> int:
    """Make exemplars of what was matched before there were any. Returns for how many queries it looked."""
    matched = Decision.objects.filter(query=OuterRef("pk"), verdict=Decision.Verdict.MATCH)
    served = Exemplar.objects.filter(query=OuterRef("pk"))
    left = Query.objects.filter(Exists(matched), ~Exists(served), answered=True).order_by("pk")
    done, last = 0, 0
    while done < most and (pks := list(left.filter(pk__gt=last).values_list("pk", flat=True)[:_AT_ONCE])):
        with transaction.atomic():
            locked = Query.objects.select_for_update().defer("vector").filter(pk__in=pks).order_by("pk")
            exemplars_keep_up(standings(locked))
        done, last = done + len(pks), pks[-1]
    return done
