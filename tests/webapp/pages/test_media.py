"""Pictures: sent to those who may see them, and kept by browsers as long as they stay the same."""

from tests import people
from webapp.accounts.services import token_add
from webapp.batches.pictures import picture_url as query_picture
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture


def test_an_item_s_picture_is_kept_for_good(rooms, browse):
    answer = browse(people.teammate()).get(item_picture(rooms.item, "thumbnail"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content) == b"a picture"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_address_changes_with_the_picture(rooms, browse):
    before = item_picture(rooms.item, "print")
    Item.objects.filter(pk=rooms.item.pk).update(prepared_with="b" * 64)
    rooms.item.refresh_from_db()
    assert item_picture(rooms.item, "print") != before
    old = before.replace("print.png", "thumb.webp")
    assert "no-cache" in browse(people.teammate()).get(old)["Cache-Control"]


def test_a_picture_that_is_being_made_anew_is_not_kept(rooms, browse):
    Item.objects.filter(pk=rooms.item.pk).update(prepared_with="")
    rooms.item.refresh_from_db()
    answer = browse(people.teammate()).get(item_picture(rooms.item, "thumbnail"))
    assert "no-cache" in answer["Cache-Control"]


def test_pictures_not_made_yet_have_no_address(rooms):
    waiting = Item.objects.filter(state=Item.State.WAITING).first()
    assert item_picture(waiting, "thumbnail") is None
    assert query_picture(rooms.batch.queries.get(state="waiting")) is None


def test_a_query_s_picture_is_for_those_who_see_its_batch(rooms, browse):
    address = query_picture(rooms.query)
    assert browse(people.owner()).get(address).status_code == 200
    assert browse(people.teammate()).get(address).status_code == 404
    assert browse(people.STRANGER).get(address).status_code == 302


def test_programs_use_their_token(rooms, browse, owner):
    address = query_picture(rooms.query)
    key = token_add(user=owner)
    stranger = browse(people.STRANGER)
    assert stranger.get(address, headers={"Authorization": f"Token {key}"}).status_code == 200
    assert stranger.get(address, headers={"Authorization": "Token wrong"}).status_code == 401


def test_only_known_files_are_sent(rooms, browse):
    client = browse(people.owner())
    for name in ["report.json", "..%2F..%2Fdb.sqlite3", "nothing.png"]:
        assert client.get(f"/gallery/{rooms.item.pk}/0/{name}").status_code == 404
    assert client.get(f"/gallery/{rooms.item.pk}/0/print.png").status_code == 404  # known, and not there
