"""The page view, and where a picture stands on its page: for owner, teammate and stranger."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(owner):
    document = factories.document(owner, batch=factories.batch(owner, shared=True))
    return [factories.page(document) for _ in range(3)]


def test_a_page_knows_its_neighbours(browse, owner, pages):
    shown = browse(owner).get(f"/pages/{pages[1].pk}/")
    assert shown.status_code == 200
    assert shown.context["before"] == f"/pages/{pages[0].pk}/"
    assert shown.context["after"] == f"/pages/{pages[2].pk}/"
    assert (shown.context["place"], shown.context["total"]) == (2, 3)
    assert shown.context["data"]["cards"] == f"/batches/{pages[1].document.batch_id}/review/cards/"


def test_who_sees_the_batch_sees_the_page(browse, owner, teammate, pages):
    address = f"/pages/{pages[0].pk}/"
    assert browse(teammate).get(address).status_code == 200
    assert browse(None).get(address).status_code == 302
    batch = pages[0].document.batch
    batch.shared = False
    batch.save()
    assert browse(teammate).get(address).status_code == 404


def test_a_picture_knows_its_box_and_those_around_it_in_its_column(browse, owner, teammate, pages):
    boxes = [factories.box(pages[0], at=(300, 20 + 25 * row), matched=True) for row in range(20)]
    beside = factories.box(pages[0], at=(200, 20), column=2)
    body = browse(teammate).get(f"/queries/{boxes[3].query_id}/place/").json()
    assert body["box"] == boxes[3].pk
    assert body["address"] == f"/pages/{pages[0].pk}/?box={boxes[3].pk}"
    assert [box["id"] for box in body["boxes"]] == [box.pk for box in boxes[:12]]
    assert beside.pk not in {box["id"] for box in body["boxes"]}


def test_a_picture_of_its_own_stands_on_no_page(browse, owner, teammate, pages):
    alone = factories.query(factories.batch(owner))
    assert browse(owner).get(f"/queries/{alone.pk}/place/").status_code == 404
    hidden = factories.box(factories.page(factories.document(owner)), matched=True)
    assert browse(teammate).get(f"/queries/{hidden.query_id}/place/").status_code == 404
