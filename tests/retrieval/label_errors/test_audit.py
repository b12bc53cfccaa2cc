"""Labels of queries weighed as arrays: what was planted is found, as plain loops find it."""

import numpy as np
import pytest

from retrieval.label_errors.audit import ClassedGallery, DoubtKind, LabelAudit, QueryLabel

WIDTH = 16


def unit(random, *shape):
    vectors = random.normal(size=shape)
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def near(random, vectors, far):
    return unit_of(vectors + far * unit(random, *vectors.shape))


def unit_of(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def sure_within(distances):
    """Certain of whatever is nearer than 0.05."""
    return (distances < 0.05).astype(np.float32)


def audit(labels, vectors, gallery, **options):
    return LabelAudit(labels, vectors, gallery, confidence=sure_within, **options).doubtful()


@pytest.fixture
def random():
    return np.random.default_rng(8)


@pytest.fixture
def gallery(random):
    """Blocks 100 to 119 of ten characters, two each; 120 and 121 of no known one, and 122 is not ready."""
    vectors = unit(random, 23, WIDTH)
    characters = {100 + n: chr(0x4E00 + n // 2) for n in range(20)} | {120: "", 121: ""}
    return ClassedGallery.of(vectors, np.arange(100, 123), characters)


def test_classes_are_characters_and_unknown_blocks_alone(gallery):
    assert gallery.items.tolist() == list(range(100, 122))
    assert gallery.class_of[100] == gallery.class_of[101] != gallery.class_of[102]
    assert gallery.class_of[120] != gallery.class_of[121]
    assert gallery.characters[gallery.class_of[104]] == chr(0x4E02)
    assert gallery.characters[gallery.class_of[121]] == ""
    assert {one: gallery.items[places].tolist() for one, places in gallery.places_by_class().items()}[
        gallery.class_of[106]
    ] == [106, 107]


def test_planted_labels_are_doubted_most_and_counted(random, gallery):
    shown = np.tile(np.arange(20), 10)
    vectors = near(random, gallery.vectors[shown], 0.3)
    named = shown.copy()
    planted = random.permutation(200)[:8].tolist()
    named[planted] = (shown[planted] + 6) % 20
    labels = [QueryLabel((100 + int(n),), f"{place}", False) for place, n in enumerate(named)]
    found, wrong = audit(labels, vectors, gallery)
    first = sorted(found, key=lambda one: -one.doubt)[:8]
    assert sorted(one.place for one in first) == sorted(planted)
    for one in first:
        assert one.kind == DoubtKind.CHARACTER
        assert gallery.class_of[one.item] == gallery.class_of[100 + int(shown[one.place])]
    assert 4 <= wrong <= 16


def test_a_learned_character_without_a_block_is_named(random, gallery):
    vectors = unit(random, 1, WIDTH)
    learned = vectors, np.array([0x9F8D])
    found, _ = audit([QueryLabel((100,), "a", False)], vectors, gallery, learned=learned)
    assert [(one.item, one.character) for one in found] == [(None, "龍")]


def test_none_is_doubted_where_a_block_fits(random, gallery):
    vectors = np.stack([gallery.vectors[3], unit(random, WIDTH)])
    found, wrong = audit([QueryLabel((), "a"), QueryLabel((), "b")], vectors, gallery)
    assert [(one.place, one.kind, one.item) for one in found] == [(0, DoubtKind.NONE, 103)]
    assert wrong == 0


def test_contradictions_and_other_blocks_are_those_of_plain_loops(random, gallery):
    """Of the picture of one of two blocks of a character, which was said to be of the other."""
    shown = random.integers(0, 20, 60)
    vectors = near(random, gallery.vectors[shown], 0.1)
    named = [(100 + int(n ^ random.integers(0, 2)),) if random.random() < 0.8 else () for n in shown]
    labels = [QueryLabel(items, f"{n}", bool(random.random() < 0.7)) for n, items in enumerate(named)]
    found, _ = audit(labels, vectors, gallery)
    blocks, contradicted = {}, {}
    for place, label in enumerate(labels):
        if label.items and label.of_carving:
            own = label.items[0] - 100
            margin = float(gallery.vectors[own ^ 1] @ vectors[place] - gallery.vectors[own] @ vectors[place])
            if margin >= 0.1:
                blocks[place] = 100 + (own ^ 1)
        others = sorted((1 - float(vectors[place] @ vectors[at]), at) for at in range(60))[:6]
        for distance, at in others:
            mine = {gallery.class_of[item] for item in label.items} or {-1}
            theirs = {gallery.class_of[item] for item in labels[at].items} or {-1}
            if at != place and distance <= 0.03 and not mine & theirs:
                contradicted[place] = at
                break
    assert contradicted
    assert blocks
    assert {one.place: one.other for one in found if one.other is not None} == contradicted
    for one in found:
        if one.kind == DoubtKind.BLOCK:
            assert one.item == blocks[one.place]
    rest = {one.place for one in found if one.kind not in (DoubtKind.BLOCK, DoubtKind.CONTRADICTION)}
    assert {one.place for one in found} >= set(blocks)
    assert {one.place for one in found} <= set(blocks) | set(contradicted) | rest


@pytest.mark.parametrize("items", [(), (100,)])
def test_nothing_to_compare_with(random, items):
    empty = ClassedGallery.of(np.zeros((0, WIDTH), np.float32), np.zeros(0, np.int64), {})
    assert audit([QueryLabel(items, "a")], unit(random, 1, WIDTH), empty) == ([], 0)
    assert audit([], np.zeros((0, WIDTH), np.float32), empty) == ([], 0)
