"""Answer is the one list of an answer's fields: what is written, read and shown follows it."""

from dataclasses import fields

import pytest

from tests import factories
from webapp.review.adjudication.serializers import RulingRequestSerializer
from webapp.review.answer import COLUMNS, Answer, Match
from webapp.review.answering.serializers import AnswerSerializer, DecisionSerializer
from webapp.review.cards.payload import decision_body

NAMES = {field.name for field in fields(Answer)}


def test_page_and_programs_can_send_every_field():
    assert set(AnswerSerializer().fields) >= NAMES
    assert NAMES - set(RulingRequestSerializer().fields) == {"flag", "shown"}  # not a reviewer's to say


def test_every_field_is_shown():
    assert set(DecisionSerializer().fields) >= NAMES - {"flag"}  # which is a remark of its own


@pytest.mark.django_db
def test_what_is_written_comes_back(owner):
    query, [item, other] = factories.query(factories.batch(owner)), [factories.item() for _ in range(2)]
    given = Answer("match", item, "variant", "", "mờ", (Match(other, "same_carving"),), True, (7, 8))
    made = factories.answer(query=query, annotator=owner, **vars(given))
    made.refresh_from_db()
    assert Answer.of(made) == Answer(**{**vars(given), "shown": [7, 8]})
    assert {**given.columns(), "shown": [7, 8]} == {name: getattr(made, name) for name in COLUMNS}
    assert decision_body(made).keys() == NAMES - {"shown"}
