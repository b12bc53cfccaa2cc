"""All that is ever asked about what was found, and about the index."""

from django.db.models import Exists, OuterRef, QuerySet

from common.suggestions import SUGGESTIONS
from webapp.batches.models import Query
from webapp.gallery.models import ItemVector
from webapp.gallery.selectors import searchable_count
from webapp.registry.selectors import live_release
from webapp.search.models import Suggestion

# Comparing one query with this many vectors takes well under a millisecond, so that an index pays only above.
EXACT_IS_FAST_TO = 4000
_TAIL_SHARE = 0.1


def index_is_due() -> bool:
    """The one rule of when a new index is built.

    When the vectors that the live index does not hold, and those it holds that are no more, have outgrown
    both what exact search does quickly and a tenth of the index.
    """
    release = live_release()
    if release is None:
        return False
    vectors = ItemVector.objects.filter(model=release.model)
    if release.index is None:
        return vectors.count() > EXACT_IS_FAST_TO
    tail = vectors.filter(pk__gt=release.index.newest).count()
    replaced = release.index.count - vectors.filter(pk__lte=release.index.newest).count()
    return max(tail, replaced) > max(EXACT_IS_FAST_TO, _TAIL_SHARE * release.index.count)


def queries_short_of_suggestions() -> QuerySet[Query]:
    """Unanswered queries with fewer suggestions than the gallery of today could give."""
    release = live_release()
    possible = searchable_count(release.model, up_to=SUGGESTIONS) if release else 0
    # Ranks leave no gap: who has no suggestion of this rank has fewer than that.
    enough = Suggestion.objects.filter(query=OuterRef("pk"), rank=possible)
    ready = Query.objects.filter(state=Query.State.READY, answered=False, answers=0).order_by("pk")
    return ready.filter(~Exists(enough)) if possible else ready.none()
