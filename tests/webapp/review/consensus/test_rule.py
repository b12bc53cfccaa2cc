"""The rule of consensus against a slow twin that reads the story of a query line by line."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories, people
from webapp.review.answering.services import decision_withdraw
from webapp.review.consensus.labels import last_decisions, query_label, query_labels
from webapp.review.consensus.rule import label_of, standing_of
from webapp.review.models import Decision


@dataclass(frozen=True)
class Said:
    """As much of a decision as the rule may look at. item: of a match."""

    pk: int
    annotator_id: int
    verdict: str
    item_id: int | None = None
    gold: bool = False
    settles: bool = False


@dataclass(frozen=True)
class Ruled:
    """A ruling, with its label."""

    decision: Said | None


def slow_label(story: list[Said]) -> Said | None:
    """Read the story backwards: the first answer met is the label, if its annotator said nothing later."""
    result = sorted(story, key=lambda said: said.pk)
    for at in range(len(result) - 1, -1, -1):
        said = result[at]
        silent_since = all(later.annotator_id != said.annotator_id for later in result[at + 1 :])
        if silent_since and said.verdict in {"match", "none", "unsure"}:
            return said
    return None


def slow_standing(story: list[Said], wanted: int, reopened: int = 0) -> tuple:
    """Label, answers, agreement and whether it is disputed, by asking each person and counting heads."""
    votes = [said for said in story if said.pk > reopened and not (said.gold or said.settles)]
    answers = []
    for person in {said.annotator_id for said in votes}:
        last = max((said for said in votes if said.annotator_id == person), key=lambda said: said.pk)
        if last.verdict in {"match", "none", "unsure"}:
            answers.append(last)
    if not answers:
        return None, 0, None, False
    heads = {
        said: sum((o.verdict, o.item_id) == (said.verdict, said.item_id) for o in answers) for said in answers
    }
    agreement = max(heads.values()) / len(answers)
    if len(answers) < wanted:
        return None, len(answers), agreement, False
    if wanted == 1:
        return slow_label(votes), len(answers), agreement, False
    most = [said for said, count in heads.items() if count * 2 > len(answers)]
    label = max(most, key=lambda said: said.pk) if most else None
    return label, len(answers), agreement, label is None


verdicts = st.sampled_from(Decision.Verdict.values)
stories = st.lists(st.tuples(st.integers(1, 4), verdicts), max_size=12).map(
    lambda words: [Said(pk, who, verdict) for pk, (who, verdict) in enumerate(words, 1)]
)


@given(stories, st.randoms())
def test_the_rule_is_its_slow_twin_in_any_order(story, random):
    shuffled = story[:]
    random.shuffle(shuffled)
    assert label_of(shuffled) == slow_label(story)


tellings = st.lists(
    st.tuples(st.integers(1, 6), verdicts, st.integers(1, 2), st.booleans(), st.booleans()), max_size=14
).map(
    lambda words: [
        Said(pk, who, verdict, item if verdict == "match" else None, gold and settles, settles and not gold)
        for pk, (who, verdict, item, gold, settles) in enumerate(words, 1)
    ]
)


@given(tellings, st.integers(1, 5), st.integers(0, 6), st.randoms())
def test_several_answers_add_up_as_the_slow_twin_says(story, wanted, reopened, random):
    shuffled = story[:]
    random.shuffle(shuffled)
    found = standing_of(shuffled, wanted=wanted, reopened=reopened)
    result = (found.label, found.answers, found.agreement, found.disputed)
    assert result == slow_standing(story, wanted, reopened)
    assert found.wanting is (found.answers < wanted)
    assert not found.settled
    assert not (found.disputed and found.label)


@given(tellings, st.integers(1, 5))
def test_a_ruling_is_the_label_and_a_sending_back_is_none(story, wanted):
    ruled = Said(99, 9, "none", settles=True)
    found = standing_of(story, wanted=wanted, ruling=Ruled(ruled))
    assert (found.label, found.settled, found.disputed, found.wanting) == (ruled, True, False, False)
    assert standing_of(story, wanted=wanted, ruling=Ruled(None)) == standing_of(story, wanted=wanted)


@pytest.mark.parametrize(
    ("words", "wanted", "label", "disputed"),
    [
        ("1match", 2, None, False),
        ("1match 2match", 2, 2, False),
        ("1match 2none", 2, None, True),
        ("1match 2none 3none", 2, 3, False),  # a third opinion ends a dispute
        ("1match 2none 3match", 3, 3, False),
        ("1match 2none 3unsure", 3, None, True),
        ("1match 2none 2match", 2, 3, False),
        ("1match 2match 2withdrawn", 2, None, False),
        ("1none 2none 3match 4match", 3, None, True),
    ],
)
def test_the_rule_for_several_in_words(words, wanted, label, disputed):
    story = [
        Said(pk, int(word[0]), word[1:], 7 if word[1:] == "match" else None)
        for pk, word in enumerate(words.split(), 1)
    ]
    found = standing_of(story, wanted=wanted)
    assert (found.label and found.label.pk, found.disputed) == (label, disputed)


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
    rng = random.Random(seed)
    batch, item = factories.batch(people.owner(), shared=True), factories.item()
    queries = [factories.query(batch) for _ in range(4)]
    crowd = [people.person(f"person {number}") for number in range(3)]
    for _ in range(30):
        query, person = rng.choice(queries), rng.choice(crowd)
        verdict = rng.choice(["match", "none", "unsure", "skip", "withdrawn"])
        if verdict != "withdrawn":
            words = {"item": item} if verdict == "match" else {}
            factories.answer(query=query, annotator=person, verdict=verdict, **words)
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
        words = last_decisions().filter(query=query)
        assert set(words.values_list("pk", flat=True)) == set(newest.values())
