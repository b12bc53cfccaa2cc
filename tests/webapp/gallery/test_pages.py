"""The gallery's pages."""

import pytest

from common.carving_doubts import CARVING_DOUBTS
from tests import factories, people
from tests.markup import markup
from webapp.gallery.models import Item


def text(answer):
    return answer.content.decode()


@pytest.fixture
def client(browse, curator):
    return browse(curator)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 3),
        ("q=漢", 1),
        ("q=U%2B6F22", 1),
        ("q=.stl", 3),
        ("state=rejected", 1),
        ("q=字", 0),
        ("state=x", 3),
    ],
)
def test_the_gallery_is_filtered(rooms, client, asked, count):
    assert text(client.get(f"/gallery/?{asked}")).count('data-testid="item-card"') == count


def test_an_empty_gallery_says_what_to_do(client, browse):
    assert 'href="/gallery/import/"' in text(client.get("/gallery/"))
    assert 'href="/gallery/import/"' not in text(browse(people.owner()).get("/gallery/"))


def test_a_character_is_shown_as_it_was_given(client):
    item = factories.item(character="\ue123", prepared_with="a" * 64)
    page = text(client.get(f"/gallery/{item.pk}/"))
    assert "U+E123" in page
    assert f'class="glyph stand-in" src="/gallery/{item.pk}/aaaaaaaaaaaaaaaam/print.png"' in page


def test_an_item_tells_its_repairs_and_its_doubts(rooms, client):
    Item.objects.filter(pk=rooms.item.pk).update(
        repairs=["3 triangles without area were left out"], mirrored_probability=0.6, tilt_degrees=12.25
    )
    page = text(client.get(f"/gallery/{rooms.item.pk}/"))
    assert "3 triangles without area were left out" in page
    assert "doubtful" in page
    assert "12.2°" in page or "12.3°" in page


def test_a_refused_item_tells_why(rooms, client):
    refused = Item.objects.get(state=Item.State.REJECTED)
    page = text(client.get(f"/gallery/{refused.pk}/"))
    assert "the mesh has no triangles" in page
    assert "export it" in page
    assert 'data-testid="item-flip"' not in page


def test_a_curator_flips_an_item(rooms, client):
    client.post(f"/gallery/{rooms.item.pk}/handedness/", {"handedness": "direct"})
    rooms.item.refresh_from_db()
    assert rooms.item.handedness == "direct"
    assert rooms.item.handedness_by == "person"
    assert 'hx-trigger="every 1s"' in text(client.get(f"/gallery/{rooms.item.pk}/pictures/"))


def test_blocks_to_be_checked_are_listed(rooms, client):
    page = text(client.get("/gallery/?state=check"))
    assert 'data-testid="item-card"' not in page
    for changes in (
        {"mirrored_probability": 0.5},
        {"mirrored_probability": 0.99, "upright_probability": 0.7},
        *({"upright_probability": 0.95, "repairs": ["x", note]} for note in CARVING_DOUBTS),
    ):
        Item.objects.filter(pk=rooms.item.pk).update(**changes)
        page = text(client.get("/gallery/?state=check"))
        assert f'data-item="{rooms.item.pk}"' in page
        assert "state warn" in page
    Item.objects.filter(pk=rooms.item.pk).update(repairs=["3 triangles without area were left out."])
    assert 'data-testid="item-card"' not in text(client.get("/gallery/?state=check"))


def test_a_curator_turns_an_item(rooms, client):
    Item.objects.filter(pk=rooms.item.pk).update(upright_probability=0.6, prepared_with="a" * 64)
    page = text(client.get(f"/gallery/{rooms.item.pk}/"))
    assert 'data-testid="item-turn-on"' in page
    assert "It stands upright" in page
    assert "turned?" in text(client.get("/gallery/"))
    client.post(f"/gallery/{rooms.item.pk}/turn/", {"turn": "90"})
    rooms.item.refresh_from_db()
    assert (rooms.item.turn, rooms.item.turn_by) == (90, "person")
    assert "It stands upright" not in text(client.get(f"/gallery/{rooms.item.pk}/"))
    for wrong in ("45", "x", "", "٩٠"):
        assert client.post(f"/gallery/{rooms.item.pk}/turn/", {"turn": wrong}).status_code == 400


@pytest.mark.parametrize(("typed", "kept"), [("字", "字"), ("U+23CEE", "𣳮"), ("\ufa11", "\ufa11"), ("", "")])
def test_a_curator_says_which_character_it_is(rooms, client, typed, kept):
    client.post(f"/gallery/{rooms.item.pk}/character/", {"character": typed})
    rooms.item.refresh_from_db()
    assert rooms.item.character == kept


def test_what_is_no_character_is_refused(rooms, client):
    answer = client.post(
        f"/gallery/{rooms.item.pk}/character/", {"character": "two words"}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 400
    assert "is not a character" in text(answer)


def test_an_import_shows_what_was_refused(rooms, client):
    page = markup(client.get(f"/gallery/imports/{rooms.upload.pk}/"))
    assert 'data-state="working" data-total="3" data-done="1" data-failed="1"' in page
    assert "the mesh has no triangles" in page


def test_an_import_s_progress_is_asked_for_until_it_is_done(rooms, client):
    address = f"/gallery/imports/{rooms.upload.pk}/live/"
    assert 'hx-trigger="every 1s"' in text(client.get(address))
    Item.objects.filter(state=Item.State.WAITING).delete()
    assert "hx-trigger" not in text(client.get(address))
