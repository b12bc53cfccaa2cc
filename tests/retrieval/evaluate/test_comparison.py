"""Two models' answers, compared."""

import numpy as np
import pytest

from retrieval.evaluate.answers import LabelledQuery, ModelAnswers, answer_queries
from retrieval.evaluate.comparison import compare
from retrieval.rank import ArrayGallery, Reading
from retrieval.register import item_form
from tests.pictures import glyph
from tests.retrieval.evaluate.fakes import WIDTH, FakeEmbedder
from tests.retrieval.register.pairs import carving, printed


def test_a_model_answers_by_the_nearest_readings():
    pictures = [np.rint(230 - 180 * glyph(seed, 100)).astype(np.uint8) for seed in range(70)]
    embedder, reported = FakeEmbedder(), []
    vectors = embedder.embed_prints(pictures)
    # One reading of an item is like its own picture, the other like another's.
    readings = [Reading(100 + n, way) for way in (False, True) for n in range(70)]
    gallery = ArrayGallery(np.concatenate([np.roll(vectors, 3, axis=0), vectors]), readings)
    queries = [LabelledQuery(n, f"{n}.png", frozenset({103 + n})) for n in range(70)]
    found = answer_queries(embedder, gallery, queries, pictures, report=lambda *done: reported.append(done))
    assert {*found.items[:, 0].tolist()} <= set(range(100, 170))
    assert (found.ranks[:67] > 0).all()
    assert (np.sort(found.items[:67, :2]) == np.arange(67)[:, None] + (100, 103)).all()
    assert found.confidences.shape == (70, 5)
    assert reported == [(64, 70), (70, 70)]


def test_a_gallery_of_nothing_answers_nothing():
    gallery = ArrayGallery(np.zeros((0, WIDTH), np.float32), [])
    query = LabelledQuery(1, "1.png", frozenset({1}))
    found = answer_queries(FakeEmbedder(), gallery, [query], [np.zeros((9, 9), np.uint8)])
    assert (found.ranks.tolist(), found.items.tolist()) == ([0], [[0] * 5])


def test_what_is_won_and_lost_is_listed():
    asked = [LabelledQuery(n, f"{n}.png", frozenset({n}), ("in_bmp", "seen")) for n in range(4)]

    def answers(*ranks):
        return ModelAnswers(np.array(ranks), np.full((4, 5), 9), np.full((4, 5), 0.5, np.float32))

    found = compare(asked, answers(1, 2, 0, 3), answers(1, 1, 5, 0))
    assert [(one["query_id"], one["live_rank"], one["candidate_rank"]) for one in found["won"]] == [
        (1, 2, 1),
        (2, 0, 5),
    ]
    assert [one["query_id"] for one in found["lost"]] == [3]
    assert found["live"]["mrr_at_5"]["mean"] == pytest.approx((1 + 0.5 + 0 + 1 / 3) / 4, abs=1e-4)
    assert found["gain"]["mrr_at_5"]["mean"] == pytest.approx((0.5 + 0.2 - 1 / 3) / 4, abs=1e-4)


def test_the_very_carving_is_scored_where_somebody_says_which_it_is():
    heights = [carving(seed) for seed in range(3)]
    vectors = np.eye(WIDTH, dtype=np.float32)[:3]

    class Alike(FakeEmbedder):
        """Takes every print for one of the first item's."""

        def embed_prints(self, grays):
            return np.repeat(vectors[:1], len(grays), axis=0)

    readings = [Reading(1 + n, character="A") for n in range(3)]
    forms = {1 + n: item_form(height) for n, height in enumerate(heights)}
    gallery = ArrayGallery(vectors, readings, forms=forms)
    right, same = frozenset({3}), frozenset({1, 2, 3})
    asked = [
        LabelledQuery(1, "1.png", right, carvings=right, character=same),
        LabelledQuery(2, "2.png", right),
    ]
    found = answer_queries(Alike(), gallery, asked, [printed(heights[2])] * 2)
    assert found.carvings.tolist() == [[1, 1], [-1, -1]]
    scores = compare(asked, found, found)["carvings"]
    assert (scores["queries"], scores["carving"]["live"]["mean"]) == (1, 1)
    assert scores["character"]["gain"]["mean"] == 0
    nobody = [LabelledQuery(2, "2.png", right)]
    without = answer_queries(Alike(), gallery, nobody, [printed(heights[2])])
    assert compare(nobody, without, without)["carvings"] is None


def leaned(blind, seen):
    """Queries of which so many were answered blind, and so many seeing what the live model put first."""
    asked = [
        LabelledQuery(n, f"{n}.png", frozenset({n}), ("in_bmp", "often", "blind"), blind=True)
        for n in range(blind)
    ]
    more = range(blind, blind + seen)
    asked += [LabelledQuery(n, f"{n}.png", frozenset({n}), ("in_bmp", "often", "seen")) for n in more]
    sure = np.full((blind + seen, 5), 0.5, np.float32)
    items = np.full((blind + seen, 5), 9)
    # By the truth the live model is right half the time, and the candidate always second.
    live = np.array([n % 2 for n in range(blind)] + [1] * seen)
    return asked, ModelAnswers(live, items, sure), ModelAnswers(np.full(blind + seen, 2), items, sure)


def test_scores_are_corrected_for_labels_that_were_led():
    found = compare(*leaned(blind=40, seen=60))
    assert found["live"]["mrr_at_5"]["mean"] == pytest.approx(0.8)
    assert found["gain"]["mrr_at_5"]["high"] < 0
    corrected = found["corrected"]
    assert corrected["blind"] == 40
    assert corrected["mrr_at_5"]["live"]["mean"] == pytest.approx(0.5)
    assert corrected["mrr_at_5"]["candidate"]["mean"] == pytest.approx(0.5)
    assert corrected["mrr_at_5"]["gain"]["low"] < 0 < corrected["mrr_at_5"]["gain"]["high"]
    assert corrected["recall_at_1"]["live"]["mean"] == pytest.approx(0.5)
    assert corrected["leaning"]["live"]["mean"] == pytest.approx(0.5)
    assert corrected["leaning"]["candidate"]["mean"] == 0


def test_too_few_blind_queries_correct_nothing():
    assert compare(*leaned(blind=29, seen=60))["corrected"] == {"blind": 29, "least": 30}
    assert "leaning" not in compare(*leaned(blind=30, seen=0))["corrected"]
