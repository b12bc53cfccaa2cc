"""A block, its scan, and what lies on it."""

import pytest

from tests import factories
from webapp.blocks.models import Block, Place, Scan


@pytest.fixture
def block(db) -> Block:
    return Block.objects.create(name="Kiều 1", inventory_number="KV 12", title="Kim Vân Kiều", leaf="3a")


@pytest.fixture
def scan(block) -> Scan:
    """A scan that was read: 100 x 80 mm at 10 pixels to the millimetre, two columns of two characters."""
    scan = factories.scan(block, name="kieu.ply", characters=4)
    for order, (x, y) in enumerate([(80, 10), (80, 30), (60, 10), (60, 30)], 1):
        Place.objects.create(
            item=factories.item(name=f"{order}.stl"),
            block=block,
            scan=scan,
            x_mm=float(x),
            y_mm=float(y),
            w_mm=11.0,
            h_mm=12.0,
            column=1 + (order > 2),
            order=float(order),
            score=0.9,
        )
    return scan
