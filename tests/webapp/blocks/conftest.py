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
    scan = Scan.objects.create(
        block=block,
        name="kieu.ply",
        sha256="a" * 64,
        state=Scan.State.READY,
        width_mm=100.0,
        height_mm=80.0,
        depth_mm=1.5,
        warp_mm=0.7,
        px_per_mm=10.0,
        mirrored=True,
        read_unit="mm",
        read_with="b" * 64,
        characters=4,
        queued=True,
    )
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
