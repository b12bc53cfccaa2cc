"""A place on a picture is kept as it was found, and refused where nothing could be laid by it."""

import math
from dataclasses import replace

import pytest

from tests import factories
from webapp.gallery.models import Item
from webapp.review.models import Decision
from webapp.search.carvings import carvings_beyond, fits_of, proposals_of
from webapp.search.fits import Fit, turned_over
from webapp.search.hits import Hit, Registered
from webapp.search.models import SecondStage
from webapp.search.services import suggestions_replace


def test_it_comes_back_as_it_was_stored():
    fit = factories.fit()
    assert Fit.of(fit.stored()) == fit
    assert Fit.of(None) is None


@pytest.mark.parametrize(
    "transform",
    [
        (1.0, 0.0, 0.0, 0.0, 1.0),
        (1.0, 0.0, math.nan, 0.0, 1.0, 0.0),
        (1.0, 2.0, 0.0, 2.0, 4.0, 0.0),
        (99.0, 0, 0, 0, 1, 0),
    ],
)
def test_what_lays_nothing_is_not_sound(transform):
    assert not Fit(transform).is_sound
    assert not Fit(factories.fit().transform, agreement=math.inf).is_sound


def test_turned_over_twice_it_is_itself():
    fit = factories.fit()
    assert turned_over(turned_over(fit.transform)) == fit.transform
    a, *_ = turned_over(fit.transform)
    assert a == -fit.transform[0]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_height_map_that_is_turned_later_lies_where_it_lay(turn):
    """The slow twin: each point of the file is carried along as the file is turned counterclockwise."""
    fit = replace(factories.fit(), transform=(0.7, -0.2, 0.1, 0.3, 0.9, -0.4), turn=90)
    later = fit.kept_at(turn)
    for x, y in ((0.5, 0.25), (-1.0, 0.75)):
        there = x, y
        for _ in range((turn - 90) // 90 % 4):
            there = there[1], -there[0]
        assert _laid(later, *there) == pytest.approx(_laid(fit, x, y))
    assert later.kept_at(90) == fit
    assert Fit.of(fit.stored(), turn=turn) == later


def _laid(fit, x, y):
    a, b, c, d, e, f = fit.transform
    return a * x + b * y + c, d * x + e * y + f


@pytest.fixture
def query(owner):
    return factories.query(factories.batch(owner), state="waiting")


def registered(query, carvings=3):
    """Five suggestions and some carvings beyond them, the first of all laid over the picture."""
    items = [factories.item() for _ in range(5 + carvings)]
    fit = factories.fit()
    hits = [
        Hit(item.pk, 0.1, 0.5, True, None, fit, "same_carving" if place == 0 else "same_character", 0.97)
        for place, item in enumerate(items)
    ]
    suggestions_replace(
        query=query,
        release=factories.release(),
        hits=hits[:5],
        registered=Registered(SecondStage.DONE, hits[5:]),
    )
    return items, fit


def test_each_suggestion_has_its_fit_and_the_others_are_kept(query):
    items, fit = registered(query)
    first = query.suggestions.first()
    assert (Fit.of(first.fit), first.proposed, first.proposed_probability) == (fit, "same_carving", 0.97)
    assert query.second_stage.outcome == "done"
    beyond = carvings_beyond(query)
    assert [one.item_id for one in beyond] == [item.pk for item in items[5:]]
    assert (beyond[0].fit, beyond[0].proposed, beyond[0].mirrored) == (fit, "same_character", True)


def test_fits_are_found_among_the_five_and_beyond(query):
    items, fit = registered(query)
    wanted = [items[0].pk, items[7].pk]
    assert fits_of(query, wanted) == dict.fromkeys(wanted, fit)
    assert proposals_of(query, wanted) == {items[0].pk: "same_carving", items[7].pk: "same_character"}


def test_what_was_laid_follows_an_item_that_is_turned(query, owner):
    """A curator's button, or another model, turns the file of a height map; the place on the print stays."""
    items, fit = registered(query)
    chosen = factories.decision(query, owner, item=items[0], fit=fit.stored())
    Item.objects.update(turn=180)
    turned = fit.kept_at(180)
    assert turned.transform == (0.8, 0.0, 0.1, 0.0, -0.8, -0.05)
    assert query.suggestions.first().laid == turned
    assert carvings_beyond(query)[0].fit == turned
    assert fits_of(query, [items[0].pk, items[7].pk]) == {items[0].pk: turned, items[7].pk: turned}
    assert Decision.objects.get(pk=chosen.pk).laid == turned


def test_a_carving_beyond_the_five_takes_little_room(query):
    registered(query)
    assert len(str(SecondStage.objects.get().carvings[0])) < 120


def test_a_search_without_a_second_stage_leaves_none(query):
    registered(query)
    hits = [Hit(factories.item().pk, 0.1, 0.9, True)]
    suggestions_replace(query=query, release=factories.release(), hits=hits)
    assert not SecondStage.objects.exists()
    assert query.suggestions.get().fit is None
    assert carvings_beyond(query) == []


def test_one_that_lies_nowhere_is_kept_without_a_place():
    hit = Hit(7, 0.25, 0.0, False, proposed="cannot_tell")
    assert Hit.of_short(hit.short()) == hit
