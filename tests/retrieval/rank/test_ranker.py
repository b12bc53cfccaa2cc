"""The ranker against its slow twin: one query, one vector and one exemplar at a time, in plain loops."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.embed.confidence import confidence
from retrieval.rank import ArrayGallery, Exemplar, ExemplarRule, ExemplarStore, Ranker, Reading

WIDTH = 16
# Sums, products and shares of these come out exactly, in whatever order they are added up.
RULE = ExemplarRule(reach=0.5, handicap=0.125, lift=0.5, nearest=4)
SHARES = ([0.3, 0.3, 0.2, 0.2], [0, 0.9, 0.1, 0], [1, 0, 0, 0])


def vectors_of(random, count):
    """Unit vectors whose products with each other are whole eighths, so that many tie."""
    made = np.zeros((count, WIDTH), np.float32)
    for row in made:
        width = random.choice([1, 4, 16])
        row[random.permutation(8 if width < 16 else WIDTH)[:width]] = random.choice([-1, 1, 1], width)
        row /= np.float32(np.sqrt(width))
    return made


@dataclass
class World:
    """readings: of the gallery's vectors, by place. gone: places that stand for no item any more. exemplars:
    by id, each with its vector; withdrawn: ids of those that were taken back.
    """

    vectors: np.ndarray
    readings: list
    gone: set
    exemplars: dict
    withdrawn: set


class Gallery(ArrayGallery):
    """One from which some vectors are gone, and of whose exemplars some were taken back."""

    def __init__(self, world):
        super().__init__(world.vectors, world.readings)
        self._world = world
        kept = [place for place in range(len(world.readings)) if place not in world.gone]
        self._kept = ArrayGallery(world.vectors[kept], [world.readings[place] for place in kept])

    def readings(self, vectors):
        return {one: self._world.readings[one] for one in vectors if one not in self._world.gone}

    def readings_of(self, items):
        return self._kept.readings_of(items)

    def siblings(self, characters, most):
        return self._kept.siblings(characters, most)

    def standing(self, exemplars):
        return set(exemplars) - self._world.withdrawn


@st.composite
def worlds(draw):
    """Galleries with items that are read both ways, of which some are gone, and exemplars that people trust
    more or less, of which some were taken back. Many of one character at times, and many exemplars of few.
    """
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    characters = random.choice(
        ["", "玉", "石", "金"], draw(st.integers(0, 120)), p=draw(st.sampled_from(SHARES))
    )
    readings = [
        Reading(100 + item, bool(way), str(character))
        for item, character in enumerate(characters)
        for way in random.permutation(2)[: random.integers(1, 3)]
    ]
    readings = [readings[place] for place in random.permutation(len(readings))]
    share = draw(st.sampled_from([0, 0.1, 0.9]))
    gone = {place for place in range(len(readings)) if random.random() < share}
    popular = random.integers(100, 100 + max(1, len(characters)), 4)
    exemplars = {}
    for one in random.permutation(60)[: draw(st.integers(0, 40))].tolist():
        trust, shared = random.choice([0.25, 0.5, 1.0]), random.choice([0.0, 0.5, 1.0])
        exemplar = Exemplar(int(random.integers(0, 6)), int(random.choice(popular)), trust, shared)
        exemplars[one] = (exemplar, vectors_of(random, 1)[0])
    share = draw(st.sampled_from([0, 0.3]))
    withdrawn = {one for one in exemplars if random.random() < share}
    return World(vectors_of(random, len(readings)), readings, gone, exemplars, withdrawn)


def far(one, other):
    return min(2.0, max(0.0, 1.0 - float(one @ other)))


def slow_nearest(world, query):
    """The nearest items with their distances and readings: twenty vectors are looked at, then 80, 320 ..."""
    places = sorted(range(len(world.readings)), key=lambda one: (far(query, world.vectors[one]), one))
    looked = 20
    while True:
        best = {}
        for place in places[:looked]:
            if place not in world.gone and world.readings[place].item not in best:
                best[world.readings[place].item] = (far(query, world.vectors[place]), world.readings[place])
        if len(best) >= 5 or looked >= len(places):
            return dict(sorted(best.items(), key=lambda pair: (pair[1][0], pair[0]))[:5])
        looked *= 4


def slow_brought(world, exemplars, query, found):
    """Add what exemplars bring: their own items, and fifty of each character."""
    standing = [one for place, one in enumerate(world.readings) if place not in world.gone]
    wanted = set()
    for exemplar, _ in exemplars:
        wanted.add(exemplar.item)
        character = slow_character(world, exemplar.item)
        same = {one.item for one in standing if character and one.character == character}
        wanted |= set(sorted(same)[:50])
    for item in wanted - set(found):
        own = [
            (far(query, world.vectors[place]), place)
            for place, one in enumerate(world.readings)
            if one.item == item and place not in world.gone
        ]
        if own:
            found[item] = (min(own)[0], world.readings[min(own)[1]])


def slow_near(store, query, asker):
    """(distance, id) of the nearest exemplars within reach, none of them the query's own."""
    inside = [
        (far(query, there), one)
        for one, (exemplar, there) in store.items()
        if far(query, there) < RULE.reach and (asker is None or exemplar.query != asker)
    ]
    return sorted(inside)[: RULE.nearest]


def slow_rank(world, store, query, asker):
    """(item, distance, mirrored, the exemplar's query) of the five, the best first."""
    found = slow_nearest(world, query)
    exemplars = [(store[one][0], away) for away, one in slow_near(store, query, asker)]
    slow_brought(world, exemplars, query, found)
    ranked = []
    for item, (distance, reading) in found.items():
        moved, by = slow_move(item, distance, reading, exemplars, world)
        moved = float(np.float32(min(2.0, max(0.0, moved)))) if store else distance
        ranked.append((moved, item, reading.mirrored, by))
    return [(item, distance, mirrored, by) for distance, item, mirrored, by in sorted(ranked)[:5]]


def slow_move(item, distance, reading, exemplars, world):
    """An item's distance as it is drawn nearer, and the query of the exemplar that did so most."""
    best, by = 0.0, None
    for exemplar, away in exemplars:
        nearer = min(RULE.lift, max(0.0, distance - away - RULE.handicap))
        same = reading.character and reading.character == slow_character(world, exemplar.item)
        weight = 1.0 if exemplar.item == item else exemplar.shared if same else 0.0
        if weight * exemplar.trust * nearer > best:
            best, by = weight * exemplar.trust * nearer, exemplar.query
    return distance - best, by


def slow_character(world, item):
    return next((one.character for one in world.readings if one.item == item), "")


def slow_rank_all(world, asked):
    """As ``slow_rank``; exemplars that were taken back are dropped once they would be of use."""
    store = dict(world.exemplars)
    while store:
        seen = {one for query, asker in asked for _, one in slow_near(store, query, asker)}
        if not seen & world.withdrawn:
            break
        store = {one: kept for one, kept in store.items() if one not in seen & world.withdrawn}
    return [slow_rank(world, store, query, asker) for query, asker in asked]


def fast_rank_all(world, asked):
    store = ExemplarStore(WIDTH)
    for one, (exemplar, there) in world.exemplars.items():
        store.put([one], [exemplar], there[None])
    queries = np.array([query for query, _ in asked], np.float32).reshape(-1, WIDTH)
    found = Ranker(Gallery(world), confidence, store, rule=RULE).rank(queries, [one for _, one in asked])
    return [[(one.item, one.distance, one.mirrored, one.exemplar) for one in row] for row in found]


@settings(max_examples=80, deadline=None)
@given(worlds(), st.lists(st.none() | st.integers(0, 5), max_size=4), st.integers(0, 2**32))
def test_it_is_what_its_slow_twin_says(world, askers, seed):
    queries = vectors_of(np.random.default_rng(seed), len(askers))
    asked = list(zip(queries, askers, strict=True))
    assert fast_rank_all(world, asked) == slow_rank_all(world, asked)


def test_whoever_is_asked_beside_it_changes_nothing():
    random = np.random.default_rng(3)
    readings = [Reading(item, way) for item in range(3) for way in (False, True)]
    readings += [Reading(item) for item in range(3, 80)]
    fast = Ranker(ArrayGallery(vectors_of(random, len(readings)), readings), confidence)
    queries = vectors_of(random, 30)
    assert fast.rank(queries) == [fast.rank(query[None])[0] for query in queries]


def test_confidence_is_that_of_the_five_distances_as_exemplars_moved_them():
    gallery = ArrayGallery(np.eye(8, dtype=np.float32), [Reading(item) for item in range(8)])
    store = ExemplarStore(8)
    store.put([1], [Exemplar(50, 7, 1.0, 0.5)], np.eye(8, dtype=np.float32)[:1])
    (found,) = Ranker(gallery, confidence, store).rank(np.eye(8, dtype=np.float32)[:1])
    assert (found[0].item, found[1].item, found[1].exemplar) == (0, 7, 50)
    distances = np.array([[one.distance for one in found]], np.float32)
    assert [one.confidence for one in found] == pytest.approx(confidence(distances)[0].tolist())


def leaning(likeness, count, first=1):
    """``count`` unit vectors of so much cosine with the first axis, else at right angles to each other."""
    made = np.zeros((count, 80), np.float32)
    made[:, 0] = likeness
    made[np.arange(count), first + np.arange(count)] = np.sqrt(1 - likeness**2)
    return made


def test_fifty_of_a_character_are_drawn_nearer():
    """The fifty-first would be the nearest of them."""
    vectors = np.concatenate([leaning(0.4, 20), leaning(0.0, 49, first=21), leaning(0.2, 2, first=70)])
    readings = [Reading(item, character="玉" if item >= 20 else "") for item in range(71)]
    store = ExemplarStore(80)
    store.put([1], [Exemplar(90, 30, 1.0, 1.0)], leaning(1.0, 1))
    (found,) = Ranker(ArrayGallery(vectors, readings), confidence, store).rank(leaning(1.0, 1))
    assert [one.item for one in found] == [69, 0, 1, 2, 3]
    assert [one.exemplar for one in found] == [90, None, None, None, None]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_small_gallery_gives_fewer(count):
    gallery = ArrayGallery(np.eye(4, dtype=np.float32)[:count], [Reading(item) for item in range(count)])
    (found,) = Ranker(gallery, confidence).rank(np.eye(4, dtype=np.float32)[3:])
    assert [one.item for one in found] == list(range(count))


def test_no_query_is_no_answer():
    gallery = ArrayGallery(np.eye(4, dtype=np.float32), [Reading(item) for item in range(4)])
    assert Ranker(gallery, confidence, ExemplarStore(4)).rank(np.zeros((0, 4), np.float32)) == []
