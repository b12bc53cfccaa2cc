"""The carvings that were laid over a query: its five suggestions, and those beyond them."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from webapp.batches.models import Query
from webapp.gallery.models import Item
from webapp.search.fits import Fit
from webapp.search.hits import Hit
from webapp.search.models import SecondStage, Suggestion


def carvings_beyond(query: Query) -> list[Hit]:
    """Those beyond the five, the best fit first; none where nothing was laid over the query."""
    kept = SecondStage.objects.filter(query=query).values_list("carvings", flat=True).first()
    hits = [Hit.of_short(one) for one in kept or ()]
    turns = dict(Item.objects.filter(pk__in=[one.item_id for one in hits]).values_list("pk", "turn"))
    return [_as_kept(one, turns) for one in hits]


def fits_of(query: Query, items: Collection[int]) -> dict[int, Fit]:
    """Where items lie on a query's picture as the search laid them, by the item's id, as far as it did."""
    return {one.item_id: one.fit for one in _registered(query, items) if one.fit}


def proposals_of(query: Query, items: Collection[int]) -> dict[int, str]:
    """How items seem to be related to a query's print, by the item's id; empty where nobody looked."""
    return {one.item_id: one.proposed for one in _registered(query, items)}


def _registered(query: Query, items: Collection[int]) -> list[Hit]:
    rows = Suggestion.objects.filter(query=query, item__in=items).select_related("item")
    found = [_hit(row) for row in rows]
    if len(found) < len(set(items)):
        found += [one for one in carvings_beyond(query) if one.item_id in items]
    return found


def _as_kept(hit: Hit, turns: Mapping[int, int]) -> Hit:
    turn = turns.get(hit.item_id)
    return hit if hit.fit is None or turn is None else replace(hit, fit=hit.fit.kept_at(turn))


def _hit(row: Suggestion) -> Hit:
    return Hit(
        row.item_id,
        row.distance,
        row.confidence,
        row.mirrored,
        row.exemplar_id,
        row.laid,
        row.proposed,
        row.proposed_probability,
    )
