"""The places of characters, as whoever looks for printed blocks asks for them."""

import pytest
from django.utils import timezone

from tests import factories
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.selectors import PlaceRow, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def scan() -> Scan:
    block = Block.objects.create(name="Kiều 1")
    return Scan.objects.create(block=block, name="kieu.ply", sha256="a" * 64, state=Scan.State.READY)


def placed(scan: Scan, name: str, order: float, **more) -> Place:
    rect = {"x_mm": order, "y_mm": 2.0, "w_mm": 11.0, "h_mm": 12.0}
    return Place.objects.create(
        item=factories.item(name=name), block=scan.block, scan=scan, order=order, **rect | more
    )


def test_places_come_in_reading_order(scan):
    second, first = placed(scan, "b", 2.0), placed(scan, "a", 1.0)
    assert places() == [
        PlaceRow(first.item_id, scan.block_id, scan.pk, 1.0, 2.0, 11.0, 12.0),
        PlaceRow(second.item_id, scan.block_id, scan.pk, 2.0, 2.0, 11.0, 12.0),
    ]


def test_deleted_places_uncut_ones_and_those_of_scans_not_ready_are_none(scan):
    placed(scan, "a", 1.0, deleted=timezone.now())
    Place.objects.create(block=scan.block, scan=scan)
    other = Scan.objects.create(block=scan.block, name="verso.ply", sha256="b" * 64)
    placed(other, "c", 1.0)
    assert places() == []


def test_blocks_in_the_trash_have_no_places(scan):
    place = placed(scan, "a", 1.0)
    assert [row.item for row in places(blocks=[scan.block_id])] == [place.item_id]
    assert places(blocks=[scan.block_id + 1]) == []
    Block.objects.update(deleted_at=timezone.now())
    assert places() == []
