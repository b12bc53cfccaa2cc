"""A little installation that every page has something to show of."""

from dataclasses import dataclass

import pytest

from tests import factories
from webapp.batches.models import Batch, Query
from webapp.core.files.media import derived
from webapp.datasets.models import Export
from webapp.gallery.models import Import, Item


@dataclass(frozen=True)
class Rooms:
    """batch: of ``owner``, not shared, with ``query``. item: a ready one of ``upload``."""

    batch: Batch
    query: Query
    item: Item
    upload: Import
    export: Export

    def fill(self, address: str) -> str:
        """``address`` with its {names} filled in."""
        return address.format(
            batch=self.batch.pk,
            query=self.query.pk,
            item=self.item.pk,
            upload=self.upload.pk,
            export=self.export.pk,
        )


@pytest.fixture
def rooms(owner, curator) -> Rooms:
    upload = factories.upload(curator)
    item = factories.item(character="漢", into=upload, prepared_with="a" * 64)
    factories.item(
        state=Item.State.REJECTED, into=upload, error="the mesh has no triangles", hint="export it"
    )
    factories.item(state=Item.State.WAITING, into=upload)
    batch = factories.batch(owner)
    query = factories.query(batch)
    factories.query(batch, state=Query.State.REJECTED, error="it is cut off", hint="copy it again")
    factories.query(batch, state=Query.State.WAITING)
    factories.suggestions(query, [item])
    export = Export.objects.create(batch=batch, owner=owner, format="csv")
    for room, pk, name in [("items", item.pk, "thumb.webp"), ("queries", query.pk, "page.webp")]:
        path = derived(room, pk, name)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"a picture")
    return Rooms(batch, query, item, upload, export)


@pytest.fixture
def shared(rooms):
    Batch.objects.filter(pk=rooms.batch.pk).update(shared=True)
    rooms.batch.refresh_from_db()
    return rooms
