"""The rule of consensus against a slow twin that reads the story of a query line by line."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories, people
from webapp.review.consensus import label_of
from webapp.review.models import Decision
from webapp.review.selectors import current_decisions, query_label, query_labels
from webapp.review.services import decision_record, decision_withdraw


@dataclass(frozen=True)
class Said:
    """As much of a decision as the rule may look at."""

    pk: int
    annotator_id: int
    verdict: str


def slow_label(story: list[Said]) -> Said | None:
    """Read the story backwards: the first answer met is the label, if its annotator said nothing later."""
    told = sorted(story, key=lambda said: said.pk)
    for at in range(len(told) - 1, -1, -1):
        said = told[at]
        silent_since = all(later.annotator_id != said.annotator_id for later in told[at + 1 :])
        if silent_since and said.verdict in {"match", "none", "unsure"}:
            return said
    return None


verdicts = st.sampled_from(Decision.Verdict.values)
stories = st.lists(st.tuples(st.integers(1, 4), verdicts), max_size=12).map(
    lambda words: [Said(pk, who, verdict) for pk, (who, verdict) in enumerate(words, 1)]
)


@given(stories, st.randoms())
def test_the_rule_is_its_slow_twin_in_any_order(story, random):
    shuffled = story[:]
    random.shuffle(shuffled)
    assert label_of(shuffled) == slow_label(story)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("", None),
        ("1none", 1),
        ("1none 2match", 2),
        ("1none 2match 1unsure", 3),
        ("1none 2skip", 1),
        ("1none 1skip", None),
        ("1none 1withdrawn", None),
        ("1none 2match 2withdrawn", 1),
        ("1none 1withdrawn 1unsure", 3),
    ],
)
def test_the_rule_in_words(words, label):
    story = [Said(pk, int(word[0]), word[1:]) for pk, word in enumerate(words.split(), 1)]
    found = label_of(story)
    assert (found and found.pk) == label


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_what_the_database_says_is_what_the_rule_says(seed):
    """Labels, last words and the count of answers, after stories told at random through the services."""
    import random

    rng = random.Random(seed)
    batch, item = factories.batch(people.owner(), shared=True), factories.item()
    queries = [factories.query(batch) for _ in range(4)]
    crowd = [people.person(f"person {number}") for number in range(3)]
    for _ in range(30):
        query, person = rng.choice(queries), rng.choice(crowd)
        verdict = rng.choice(["match", "none", "unsure", "skip", "withdrawn"])
        if verdict != "withdrawn":
            words = {"item": item} if verdict == "match" else {}
            decision_record(query=query, annotator=person, verdict=verdict, **words)
        elif Decision.objects.filter(query=query, annotator=person).exists():
            decision_withdraw(query=query, annotator=person)
    labels = query_labels(queries)
    for query in queries:
        query.refresh_from_db()
        story = [Said(row.pk, row.annotator_id, row.verdict) for row in query.decisions.all()]
        expected = slow_label(story)
        found = query_label(query)
        assert (found and found.pk) == (expected and expected.pk)
        assert labels.get(query.pk) == found
        assert query.answered is (expected is not None)
        newest = {said.annotator_id: said.pk for said in sorted(story, key=lambda said: said.pk)}
        words = current_decisions(batch).filter(query=query)
        assert set(words.values_list("pk", flat=True)) == set(newest.values())
