"""The client with pages and the whole blocks that printed them."""

import numpy as np
import pytest

from mocban_client import Conflict
from tests import factories, people
from tests.clients.python.conftest import client_of
from tests.webapp.printed import drawn


@pytest.fixture
def mocban(live_server, transactional_db, data):
    return client_of(live_server, people.owner())


def test_a_match_is_confirmed_and_taken_back_and_the_table_shows_it(mocban):
    block = drawn.block(np.random.default_rng(1), count=9)
    page = drawn.page_of(block, factories.document(people.owner()), np.random.default_rng(2))
    assert mocban.page_blocks_state(page.pk) == "none"
    drawn.match(page, block)
    [match] = mocban.page_blocks(page.pk)
    assert (match.block_name, match.inliers, match.believed, match.state) == ("A-1", 9, True, "proposed")
    assert (mocban.match_confirm(match).answers, mocban.page_blocks(page.pk)[0].state) == (9, "confirmed")
    with pytest.raises(Conflict) as caught:
        mocban.match_reject(match)
    assert caught.value.code == "match_decided"
    table = mocban.document_blocks(page.document_id)
    assert (table["printed"], table["lost"], table["rows"][0]["block"]) == (1, 0, block.block.pk)
    assert [one.page for one in mocban.block_prints(block.block.pk)] == [page.pk]
    assert mocban.match_undo(match).state == "proposed"
    assert mocban.match_reject(match).state == "rejected"
    assert mocban.document_blocks_find(page.document_id) == 1
    mocban.page_blocks_find(page.pk)
    assert mocban.page_blocks_state(page.pk) == "waiting"
