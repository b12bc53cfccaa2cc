"""The client with woodblocks, against the running server; no worker is needed for it."""

import pytest

from mocban_client import MocbanError, NotFound, Refused
from tests import meshes, people
from tests.clients.python.conftest import client_of


@pytest.fixture
def mocban(live_server, transactional_db, data):
    return client_of(live_server, people.curator())


def test_a_block_and_its_scan_go_up(mocban, tmp_path):
    block = mocban.block_create("Kiều 1", leaf="3a", fields={"carver": "Nguyễn"})
    changed = mocban.block_change(block, inventory_number="KV 12")
    assert (changed.inventory_number, changed.raw["fields"]) == ("KV 12", {"carver": "Nguyễn"})
    assert [one.id for one in mocban.blocks("KV 12")] == [block.id]
    file = tmp_path / "a.stl"
    file.write_bytes(meshes.block(1, cells=16))
    sent = []
    scan = mocban.scan_upload(block, file, unit="mm", progress=sent.append)
    assert (scan.block, scan.name, scan.status, scan.address) == (
        block.id,
        "a.stl",
        "queued",
        f"scans/{scan.id}",
    )
    assert sent[-1] == file.stat().st_size
    assert mocban.scan_upload(block.id, file, unit="mm").id == scan.id
    assert list(mocban.places(scan)) == []
    with pytest.raises(Refused) as refusal:
        mocban.characters_set(scan, "天")
    assert refusal.value.code == "too_many_characters"
    with pytest.raises(MocbanError):
        mocban.scan_upload(block, tmp_path / "nothing.stl")
    mocban.block_delete(block)
    with pytest.raises(NotFound):
        mocban.block(block.id)
