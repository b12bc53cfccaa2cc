"""A batch whose queries are answered together, and who may not."""

import pytest

from tests import factories
from webapp.search.models import Suggestion


@pytest.fixture
def batch(owner):
    """A shared batch of which nothing is blind."""
    made = factories.batch(owner, shared=True)
    made.blind_share = 0
    made.save()
    return made


@pytest.fixture
def item(db):
    return factories.item(character="漢", prepared_with="a" * 64)


def suggested(batch, item, confidence=0.9, **values):
    """A query whose first suggestion is ``item``."""
    query = factories.query(batch, **values)
    factories.suggestions(query, [item])
    Suggestion.objects.filter(query=query).update(confidence=confidence)
    return query
