"""Blocks: written by curators, read by all; their scans and characters."""

import io

import pytest

from tests import factories, meshes
from webapp.blocks import services
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.selectors import blocks_found, items_table
from webapp.core.errors import Conflict, Refused
from webapp.gallery.models import Item

pytestmark = pytest.mark.django_db


def characters(scan) -> list[str]:
    return [place.item.character for place in scan.places.order_by("order")]


def test_a_block_is_written_down(curator):
    values = {"name": " Kiều 1 ", "leaf": "3a", "fields": {"carver": "Nguyễn", " ": "x"}}
    block = services.block_create(user=curator, values=values)
    assert (block.name, block.leaf, block.fields) == ("Kiều 1", "3a", {"carver": "Nguyễn"})
    services.block_update(block=block, user=curator, values={"note": "cracked"})
    block.refresh_from_db()
    assert (block.leaf, block.note) == ("3a", "cracked")


@pytest.mark.parametrize(
    ("values", "code"), [({}, "no_name"), ({"name": " "}, "no_name"), ({"name": "x" * 201}, "too_long_text")]
)
def test_a_block_that_cannot_be_is_refused(curator, values, code):
    with pytest.raises(Refused) as refusal:
        services.block_create(user=curator, values=values)
    assert refusal.value.code == code


def test_blocks_are_found_by_any_word_and_sorted(block):
    other = Block.objects.create(name="A", inventory_number="KV 9", fields={"carver": "Nguyen"})
    assert list(blocks_found(search="kv 12")) == [block]
    assert list(blocks_found(search="Nguyen")) == [other]
    assert list(blocks_found(sort="name")) == [other, block]
    assert list(blocks_found()) == [other, block]


def test_a_scan_waits_to_be_read_and_is_one_however_often_it_comes(block, curator, data):
    def send(to):
        file = io.BytesIO(meshes.block(1, cells=16))
        return services.scan_add(block=to, user=curator, name="a.stl", stream=file, unit="mm")

    scan = send(block)
    assert (scan.state, scan.unit, scan.queued) == (Scan.State.QUEUED, "mm", True)
    assert send(block) == scan
    with pytest.raises(Refused) as refusal:
        send(Block.objects.create(name="other"))
    assert refusal.value.code == "duplicate"


@pytest.mark.parametrize("data_of", [b"", b"\x89PNG\r\n\x1a\n" + bytes(60), b"PK\x05\x06" + bytes(18)])
def test_what_is_no_mesh_is_no_scan(block, curator, data, data_of):
    with pytest.raises(Refused):
        services.scan_add(block=block, user=curator, name="a.stl", stream=io.BytesIO(data_of))
    assert not Scan.objects.exists()


def test_a_scan_is_not_asked_for_as_a_zip(block, curator):
    """A zip of meshes is for the gallery alone."""
    with pytest.raises(Refused) as caught:
        services.scan_add(block=block, user=curator, name="notes.txt", stream=io.BytesIO(b"hello"))
    assert "STL" in str(caught.value)
    assert "zip" not in str(caught.value)


def test_a_block_in_the_trash_takes_its_items_along(scan, curator):
    services.block_delete(block=scan.block, user=curator)
    assert set(Item.objects.values_list("state", "error_code")) == {("rejected", "place_deleted")}
    services.block_restore(block=scan.block, user=curator)
    assert set(Item.objects.values_list("state", "error_code")) == {("waiting", "")}


def test_a_text_labels_the_characters_in_reading_order(scan, curator):
    assert services.characters_set(scan=scan, user=curator, text="天 □\n人葛\U000e0100") == 3
    assert characters(scan) == ["天", "", "人", "葛\U000e0100"]


@pytest.mark.parametrize(("text", "code"), [("天地人日月", "too_many_characters"), ("天x人", "not_han")])
def test_a_text_that_does_not_fit_labels_nothing(scan, curator, text, code):
    with pytest.raises(Refused) as refusal:
        services.characters_set(scan=scan, user=curator, text=text)
    assert refusal.value.code == code
    assert characters(scan) == ["", "", "", ""]


def test_an_item_is_put_into_a_block_and_taken_out(block, scan, curator):
    item = factories.item(name="single.stl")
    place = services.item_put(block=block, item=item, user=curator)
    assert services.item_put(block=block, item=item, user=curator) == place
    with pytest.raises(Conflict):
        services.item_put(block=Block.objects.create(name="other"), item=item, user=curator)
    services.item_take_out(place=place, user=curator)
    assert not Place.objects.filter(item=item).exists()


def test_the_table_of_a_face_is_that_of_the_command_line(scan):
    rows = items_table(scan).splitlines()
    assert rows[0].startswith("name,column,place,x_mm,y_mm,w_mm,h_mm,score")
    assert rows[1].startswith("01-01,1,1,80.0,10.0,11.0,12.0,0.9,")
    assert rows[4].startswith("02-02,2,2,60.0,30.0,")


@pytest.mark.parametrize("who", ["owner", "curator"])
def test_the_pages_of_a_block(request, browse, scan, who):
    client = browse(request.getfixturevalue(who))
    for address in (
        "/blocks/",
        f"/blocks/{scan.block_id}/",
        f"/blocks/scans/{scan.pk}/ink/",
        f"/blocks/scans/{scan.pk}/face/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Kiều 1" in answer.content.decode()
    assert client.get("/blocks/new/").status_code == (200 if who == "curator" else 403)
    assert client.get(f"/blocks/scans/{scan.pk}/back/").status_code == 404


def test_a_face_is_given_and_edited_as_a_page(browse, curator, owner, scan):
    door = f"/blocks/scans/{scan.pk}/ink/"
    client = browse(curator)
    face = client.get(f"{door}boxes/").json()
    assert (face["width"], face["height"], face["can_edit"]) == (1000, 800, True)
    first, second, *_ = face["boxes"]
    assert (first["x"], first["y"], first["w"], first["h"]) == (800, 100, 110, 120)
    move = {"op": "move", "box": first["id"], "x": 790, "y": 100, "w": 120, "h": 120}
    add = {"op": "add", "x": 800, "y": 500, "w": 110, "h": 120}
    body = {
        "version": face["version"],
        "operations": [move, add, {"op": "delete", "boxes": [second["id"]]}],
    }
    answer = client.post(f"{door}edits/", body, content_type="application/json").json()
    assert answer["removed"] == [second["id"]]
    assert len(answer["boxes"]) == 2
    place = Place.objects.get(pk=first["id"])
    assert (place.x_mm, place.w_mm, place.stale, place.set_by) == (79.0, 12.0, True, curator)
    assert Item.objects.get(place=second["id"]).state == "rejected"
    seen = client.get(f"{door}changes/?since={face['version']}&seen={face['seen']}").json()
    assert second["id"] in seen["removed"]
    assert [box["id"] for box in client.get(f"{door}deleted/").json()["boxes"]] == [second["id"]]
    undone = client.post(f"{door}undo/", {}, content_type="application/json").json()
    assert len(undone["removed"]) == 1
    assert Place.objects.get(pk=first["id"]).x_mm == 80.0
    redone = client.post(f"{door}redo/", {}, content_type="application/json").json()
    assert redone["removed"] == [second["id"]]
    assert browse(owner).post(f"{door}edits/", body, content_type="application/json").status_code == 403
