"""Looking for another item than the five: by the API, and from the page. What is typed is taken exactly."""

import pytest

from tests import factories
from webapp.gallery.models import Item
from webapp.review.models import Decision

COMPATIBLE, UNIFIED = "\uf900", "\u8c48"  # look alike, and are two characters
SEQUENCE = "\u845b\U000e0100"
PRIVATE = "\ue123"
NOM = "\U00025b9f"  # beyond the first plane


@pytest.fixture
def query(owner):
    return factories.query(factories.batch(owner))


@pytest.fixture
def items(db):
    made = [COMPATIBLE, UNIFIED, "\u845b", SEQUENCE, PRIVATE, NOM]
    return {character: factories.item(character=character, prepared_with="a" * 64) for character in made}


def by_api(client, query, **words):
    answer = client.get(f"/api/v1/queries/{query.pk}/candidates/", words)
    assert answer.status_code == 200
    return [row["item"]["id"] for row in answer.json()["results"]]


def by_page(client, query, typed):
    answer = client.get(f"/queries/{query.pk}/candidates/", {"q": typed})
    assert answer.status_code == 200
    return [row["item"]["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize("character", [COMPATIBLE, UNIFIED, "\u845b", SEQUENCE, PRIVATE, NOM], ids=ascii)
def test_a_character_finds_itself_alone(character, query, items, owner, api, browse):
    own = [items[character].pk]
    words = " ".join(f"U+{ord(char):04X}" for char in character)
    assert by_api(api(owner), query, character=character) == own
    assert by_api(api(owner), query, codepoint=words) == own
    assert by_api(api(owner), query, search=character) == own
    assert by_page(browse(owner), query, character) == own
    assert by_page(browse(owner), query, words.lower()) == own


@pytest.mark.parametrize("character", [COMPATIBLE, SEQUENCE, PRIVATE, NOM], ids=ascii)
def test_a_character_comes_back_as_it_was_written(character, query, items, owner, api, browse):
    answer = api(owner).get(f"/api/v1/queries/{query.pk}/candidates/", {"character": character})
    assert answer.json()["results"][0]["item"]["character"] == character
    answer = browse(owner).get(f"/queries/{query.pk}/candidates/", {"q": character})
    assert answer.json()["results"][0]["item"]["character"] == character


def test_part_of_a_name_finds_items(query, owner, api, browse):
    block = factories.item(name="Hưng Yên/khối 12.stl")
    factories.item(name="other.stl")
    assert by_api(api(owner), query, search="khối 1") == [block.pk]
    assert by_page(browse(owner), query, "khối 1") == [block.pk]


def test_only_items_that_can_be_chosen_are_found(query, owner, browse):
    for state in (Item.State.WAITING, Item.State.REJECTED):
        factories.item(character="漢", state=state)
    assert by_page(browse(owner), query, "漢") == []


def test_the_api_s_answer_is_paged(query, owner, api):
    for _ in range(3):
        factories.item(character="字")
    words = {"character": "字", "page_size": 2}
    body = api(owner).get(f"/api/v1/queries/{query.pk}/candidates/", words).json()
    assert set(body) == {"count", "next", "previous", "results"}
    assert (body["count"], len(body["results"])) == (3, 2)
    assert set(body["results"][0]) == {"item", "distance"}
    assert len(api(owner).get(body["next"]).json()["results"]) == 1


def test_the_page_s_answer_is_paged(query, owner, browse):
    for _ in range(9):
        factories.item(character="字")
    client = browse(owner)
    first = client.get(f"/queries/{query.pk}/candidates/?q=字").json()
    second = client.get(f"/queries/{query.pk}/candidates/?q=字&page=2").json()
    assert (first["total"], first["pages"], len(first["results"]), len(second["results"])) == (9, 2, 8, 1)


@pytest.mark.parametrize("words", [{}, {"character": ""}, {"codepoint": "6F22"}, {"search": "a\0b"}])
def test_what_asks_for_nothing_is_refused(words, query, owner, api):
    assert api(owner).get(f"/api/v1/queries/{query.pk}/candidates/", words).status_code == 400


@pytest.mark.parametrize("typed", ["", "  ", "a\0b", "'; drop table", "%", "\\"])
def test_odd_text_finds_nothing(typed, query, items, owner, browse):
    assert by_page(browse(owner), query, typed) == []


def test_another_s_query_has_no_candidates(query, items, teammate, browse, api):
    assert browse(teammate).get(f"/queries/{query.pk}/candidates/?q=x").status_code == 404
    assert api(teammate).get(f"/api/v1/queries/{query.pk}/candidates/?search=x").status_code == 404


def test_what_was_found_is_a_match_like_any_other(query, items, owner, api):
    chosen = items[NOM]
    sent = {"verdict": "match", "item": chosen.pk, "relation": "variant"}
    assert api(owner).post(f"/api/v1/queries/{query.pk}/decisions/", sent, format="json").status_code == 201
    assert Decision.objects.get().item == chosen
