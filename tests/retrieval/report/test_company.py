"""Galleries that grow: counted quickly, and as the ranker that serves would rank them."""

from dataclasses import replace

import numpy as np
import pytest

from retrieval.embed.confidence import confidence
from retrieval.errors import BadSet
from retrieval.evaluate.metrics import DEPTH, rank_of_first, scores_of
from retrieval.rank import ArrayGallery, Ranker, Reading
from retrieval.report import company
from retrieval.report.company import Company, curve, table
from retrieval.report.matched import EmbeddedSet, SetItems, SetQueries

OWN, OTHERS = 12, 60


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def a_set(random):
    """Twelve items of six characters, the first read both ways; thirty prints near them."""
    vectors = unit(random.normal(size=(OWN, 8)))
    both = np.concatenate([vectors[:1], unit(random.normal(size=(1, 8))), vectors[1:]])
    readings = (Reading(0), Reading(0, True), *(Reading(item) for item in range(1, OWN)))
    shown = random.integers(OWN, size=30)
    prints = unit(vectors[shown] + 0.35 * random.normal(size=(30, 8)))
    codes = 0x4E00 + np.arange(OWN) // 2
    kinds = tuple("clean" if query % 2 else "worn" for query in range(30))
    queries = SetQueries(tuple(map(str, range(30))), kinds, codes[shown], (np.zeros((2, 2)),) * 30)
    items = SetItems(tuple(map(str, range(OWN))), codes, (), np.zeros(OWN))
    return EmbeddedSet("made", queries, items, prints, both, readings, codes[shown][:, None] == codes)


def a_company(random):
    """Sixty carvings, every third read both ways, some of them of the set's characters."""
    items = np.sort(np.concatenate([np.arange(OTHERS), np.arange(0, OTHERS, 3)]))
    return Company(unit(random.normal(size=(len(items), 8))), items, 0x4E04 + np.arange(OTHERS) // 2)


@pytest.mark.parametrize("seed", range(5))
def test_it_counts_as_the_ranker_ranks(seed):
    random = np.random.default_rng(seed)
    one, whole = a_set(random), a_company(random)
    others = whole.without(one.items.codepoints)
    assert len(others.codepoints) == OTHERS - 4
    assert not np.isin(others.codepoints, one.items.codepoints).any()
    rows = curve(one, whole, (20, 50, 1_000), company_name="drawn")
    assert [row["joined"] for row in rows] == [0, 0, 20, 20, 50, 50]
    for row in rows:
        joined = others.items < row["joined"]
        readings = [*one.readings, *(Reading(OWN + item) for item in others.items[joined].tolist())]
        gallery = ArrayGallery(np.concatenate([one.vectors, others.vectors[joined]]), readings)
        found = Ranker(gallery, confidence).rank(one.prints)
        ranks = [
            rank_of_first([each.item for each in some], np.flatnonzero(right).tolist(), DEPTH)
            for some, right, kind in zip(found, one.right, one.queries.kinds, strict=True)
            if kind == row["kind"]
        ]
        assert row["mrr_at_5"]["mean"] == pytest.approx(scores_of(ranks).mrr_at_5.mean)
    assert len(table(rows).splitlines()) == 2 + 2


def test_a_query_that_cannot_be_read_is_not_found():
    one = a_set(np.random.default_rng(0))
    blind = SetQueries(one.queries.names, one.queries.kinds, one.queries.codepoints, (None,) * 30)
    unread = EmbeddedSet(one.name, blind, one.items, one.prints * 0, one.vectors, one.readings, one.right)
    rows = curve(unread, a_company(np.random.default_rng(1)), (20,), company_name="drawn")
    assert {row["mrr_at_5"]["mean"] for row in rows} == {0.0}


def test_a_set_of_unknown_characters_is_refused(tmp_path, monkeypatch):
    one = a_set(np.random.default_rng(0))
    unknown = replace(one, items=replace(one.items, codepoints=one.items.codepoints * 0))
    monkeypatch.setattr(company, "read_set", lambda path: None)
    monkeypatch.setattr(company, "read_and_embed", lambda *_, **__: unknown)
    with pytest.raises(BadSet, match="which characters"):
        company._known_set(tmp_path, None, jobs=0)
