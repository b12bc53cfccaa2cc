"""Looking for another item than the five: by the API, and from the page. What is typed is taken exactly."""

from array import array

import pytest

from tests import factories
from webapp.batches.models import Batch
from webapp.gallery.models import Item, ItemVector
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
    assert set(body["results"][0]) == {"item", "distance", "reason"}
    assert len(api(owner).get(body["next"]).json()["results"]) == 1


def test_the_page_s_answer_is_paged(query, owner, browse):
    for _ in range(9):
        factories.item(character="字")
    client = browse(owner)
    first = client.get(f"/queries/{query.pk}/candidates/?q=字").json()
    second = client.get(f"/queries/{query.pk}/candidates/?q=字&page=2").json()
    assert (first["total"], first["pages"], len(first["results"]), len(second["results"])) == (9, 2, 8, 1)


@pytest.mark.parametrize(
    "words",
    [
        {"character": ""},
        {"codepoint": "6F22"},
        {"search": "a\0b"},
        {"search": "x", "character": "x"},
        {"like": "x"},
        {"like": "-1"},
        {"like": "9" * 30},
    ],
)
def test_what_cannot_be_asked_is_refused(words, query, owner, api):
    assert api(owner).get(f"/api/v1/queries/{query.pk}/candidates/", words).status_code == 400


def test_a_text_that_cannot_be_kept_is_refused_at_the_door(query, owner, browse):
    assert browse(owner).get(f"/queries/{query.pk}/candidates/", {"q": "a\0b"}).status_code == 400


@pytest.mark.parametrize("typed", ["'; drop table", "%", "\\", "r999+1", "U+110000", "x" * 3000])
def test_odd_text_finds_nothing(typed, query, items, owner, browse):
    assert by_page(browse(owner), query, typed) == []


def test_another_s_query_has_no_candidates(query, items, teammate, browse, api):
    assert browse(teammate).get(f"/queries/{query.pk}/candidates/?q=x").status_code == 404
    assert api(teammate).get(f"/api/v1/queries/{query.pk}/candidates/?search=x").status_code == 404


@pytest.mark.parametrize("like", ["0", "x", "-1", "9" * 30])
def test_an_item_that_is_none_is_like_nothing(like, query, items, owner, browse):
    assert browse(owner).get(f"/queries/{query.pk}/candidates/?like={like}").status_code == 404


def test_only_an_item_that_can_be_chosen_has_others_like_it(query, owner, browse, api):
    waiting = factories.item(state=Item.State.WAITING)
    assert browse(owner).get(f"/queries/{query.pk}/candidates/?like={waiting.pk}").status_code == 404
    assert api(owner).get(f"/api/v1/queries/{query.pk}/candidates/?like={waiting.pk}").status_code == 404


def test_readings_radicals_and_components_find_items_and_say_why(query, owner, browse, api):
    sea = factories.item(character="海", name="a")
    form = factories.item(character="海\ufe00", name="b")
    for typed, kind in [
        ("hải", "reading"),
        ("HAI3", "reading"),
        ("hai", "about"),
        ("r85+7", "radical"),
        ("氵 每", "component"),
        ("⿰氵每", "description"),
    ]:
        found = browse(owner).get(f"/queries/{query.pk}/candidates/", {"q": typed}).json()["results"]
        assert {row["item"]["id"] for row in found} == {sea.pk, form.pk}, typed
        assert {row["reason"]["kind"] for row in found} == {kind}
        assert {row["item"]["character"] for row in found} == {"海", "海\ufe00"}
        assert set(by_api(api(owner), query, search=typed)) == {sea.pk, form.pk}
    assert by_api(api(owner), query, character="海") == [sea.pk]


def test_another_way_to_write_it_is_offered_and_not_taken(query, items, owner, browse):
    found = browse(owner).get(f"/queries/{query.pk}/candidates/", {"q": COMPATIBLE}).json()
    assert [row["item"]["character"] for row in found["results"]] == [COMPATIBLE]
    [other] = found["elsewhere"]
    assert (other["character"], other["codepoint"], other["items"]) == (UNIFIED, "U+8C48", 1)
    base = browse(owner).get(f"/queries/{query.pk}/candidates/", {"q": SEQUENCE}).json()
    assert [row["character"] for row in base["elsewhere"]] == ["葛"]
    assert browse(owner).get(f"/queries/{query.pk}/candidates/", {"q": PRIVATE}).json()["elsewhere"] == []


def test_without_a_text_there_is_what_comes_after_the_five(query, owner, browse):
    made = [factories.item() for _ in range(12)]
    factories.suggestions(query, made[:5])
    body = browse(owner).get(f"/queries/{query.pk}/candidates/").json()
    assert body["first"] == 6
    # Nothing was embedded here, so that nothing can be compared.
    assert (body["total"], body["coming"], body["silent"]) == (0, False, False)


def test_the_item_s_readings_come_with_it(query, owner, browse):
    factories.item(character="海")
    [row] = browse(owner).get(f"/queries/{query.pk}/candidates/?q=海").json()["results"]
    assert {"language": "sino-vi", "text": "hải"} in row["item"]["readings"]


def test_the_radicals_are_told_to_whoever_is_logged_in(owner, browse):
    answer = browse(owner).get("/radicals/")
    assert len(answer.json()["radicals"]) == 214
    assert "private" in answer["Cache-Control"]
    assert browse(None).get("/radicals/").status_code == 302


def test_on_a_blind_card_nobody_is_told_how_far_an_item_is(owner, browse):
    release = factories.release()
    batch = factories.batch(owner)
    batch.blind_share = 100
    batch.save()
    numbers = array("f", [1, 0, 0, 0]).tobytes()
    query = factories.query(batch, vector=numbers, vector_model=release.model)
    item = factories.item(character="海")
    ItemVector.objects.create(item=item, model=release.model, mirrored=True, vector=numbers)
    [row] = browse(owner).get(f"/queries/{query.pk}/candidates/?q=海").json()["results"]
    assert row["distance"] is None
    Batch.objects.update(blind_share=0)
    [row] = browse(owner).get(f"/queries/{query.pk}/candidates/?q=海").json()["results"]
    assert row["distance"] == pytest.approx(0.0)


def test_what_was_found_is_a_match_like_any_other(query, items, owner, api):
    chosen = items[NOM]
    sent = {"verdict": "match", "item": chosen.pk, "relation": "variant"}
    assert api(owner).post(f"/api/v1/queries/{query.pk}/decisions/", sent, format="json").status_code == 201
    assert Decision.objects.get().item == chosen
