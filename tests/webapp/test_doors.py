"""Every door of the API, tried by owner, teammate, stranger and whoever has not logged in."""

import io
import uuid
from dataclasses import dataclass

import pytest

from tests import factories, people, pictures
from webapp.datasets.models import Export

API = "/api/v1"


@dataclass(frozen=True)
class Door:
    """One request. address: with {names} of ``rooms``. body: what is sent. json: whether as JSON.

    owner, teammate, curator: status each gets where the batch is shared; a stranger, to whom it is not
    shared, always gets ``stranger``.
    """

    method: str
    address: str
    owner: int
    teammate: int
    body: dict | None = None
    stranger: int = 404
    multipart: bool = False

    def __str__(self) -> str:
        return " ".join((self.method, self.address, *(self.body or {})))


def a_file():
    return io.BytesIO(pictures.png(91, 16))


DOORS = [
    Door("get", "/batches/{batch}/", 200, 200),
    Door("patch", "/batches/{batch}/", 200, 403, {"name": "other"}),
    Door("patch", "/batches/{batch}/", 200, 403, {"shared": True}),
    Door("delete", "/batches/{batch}/?with_answers=true", 204, 403),
    Door("post", "/batches/{batch}/files/", 200, 403, {"files": a_file}, multipart=True),
    Door("post", "/batches/{batch}/search/", 202, 403),
    Door("get", "/batches/{batch}/parts/", 200, 200),
    Door("post", "/batches/{batch}/deal/", 200, 200, {"order": "uncertain", "count": 2}),
    Door("post", "/batches/{batch}/hold/", 200, 200, {"ids": []}),
    Door("post", "/batches/{batch}/release/", 204, 204, {"ids": []}),
    Door("get", "/batches/{batch}/settings/", 200, 200),
    Door("patch", "/batches/{batch}/settings/", 200, 403, {"wanted": 2, "hidden": True}),
    Door("get", "/queries/?batch={batch}", 200, 200),
    Door("get", "/queries/{query}/", 200, 200),
    Door("get", "/queries/{query}/candidates/?search=x", 200, 200),
    Door("get", "/queries/{query}/decisions/", 200, 200),
    Door("post", "/queries/{query}/decisions/", 201, 201, {"verdict": "none"}),
    Door("post", "/queries/{query}/remarks/", 201, 201, {"text": "faint"}),
    Door("get", "/queries/{query}/rulings/", 200, 200),
    Door("post", "/exports/", 201, 201, {"batch": "{batch}", "format": "csv"}),
    Door("get", "/exports/{export}/", 200, 200),
    Door("get", "/exports/{export}/download/", 409, 409),
]
LISTS = ["/batches/", "/queries/", "/exports/"]


@pytest.fixture
def rooms(owner):
    batch = factories.batch(owner)
    query = factories.query(batch)
    export = Export.objects.create(batch=batch, owner=owner, format="csv")
    return {"batch": batch.pk, "query": query.pk, "export": export.pk}


def knock(door: Door, user, rooms: dict) -> int:
    body = {
        key: value() if callable(value) else value.format(**rooms) if isinstance(value, str) else value
        for key, value in (door.body or {}).items()
    }
    send = getattr(people.api_of(user), door.method)
    kind = "multipart" if door.multipart else "json"
    sent = {"data": body, "format": kind} if door.body else {}
    return send(API + door.address.format(**rooms), **sent).status_code


def share(rooms):
    factories.Batch.objects.filter(pk=rooms["batch"]).update(shared=True)


@pytest.mark.parametrize("door", DOORS, ids=str)
class TestDoor:
    def test_for_its_owner(self, door, rooms, owner):
        assert knock(door, owner, rooms) == door.owner

    def test_for_a_teammate_when_it_is_shared(self, door, rooms, teammate):
        share(rooms)
        assert knock(door, teammate, rooms) == door.teammate

    def test_for_a_curator_though_it_is_not_shared(self, door, rooms, curator):
        assert knock(door, curator, rooms) == door.owner

    @pytest.mark.parametrize("who", ["teammate", "reviewer"])
    def test_for_whom_it_is_not_shared_with(self, door, rooms, who, request):
        assert knock(door, request.getfixturevalue(who), rooms) == door.stranger

    def test_for_whoever_has_not_logged_in(self, door, rooms):
        share(rooms)
        assert knock(door, None, rooms) == 401

    def test_for_a_token_that_is_not_one(self, door, rooms):
        client = people.api_of(None)
        client.credentials(HTTP_AUTHORIZATION="Token " + "0" * 40)
        assert getattr(client, door.method)(API + door.address.format(**rooms)).status_code == 401


@pytest.mark.parametrize("address", LISTS)
def test_a_list_shows_nobody_anothers(address, rooms, owner, teammate, api):
    assert api(owner).get(API + address).json()["count"] == 1
    assert api(teammate).get(API + address).json()["count"] == 0
    assert api(None).get(API + address).status_code == 401
    share(rooms)
    assert api(teammate).get(API + address).json()["count"] == 1


@pytest.mark.parametrize(
    "address",
    [
        "/batches/0/",
        f"/batches/{10**30}/",
        f"/queries/{10**30}/",
        f"/queries/{10**30}/decisions/",
        f"/queries/?batch={10**30}",
        f"/batches/{10**30}/settings/",
        f"/queries/{10**30}/rulings/",
        f"/exports/{uuid.UUID(int=1)}/",
        f"/exports/{uuid.UUID(int=1)}/download/",
    ],
)
def test_what_is_not_there_is_not_there(address, owner, api):
    assert api(owner).get(API + address).status_code == 404


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/queries/?batch=x", None),
        ("/queries/?status=odd", None),
        ("/exports/", {"batch": "x", "format": "csv"}),
        ("/exports/", {"format": "csv"}),
        ("/exports/", {"batch": 1, "format": "docx"}),
        ("/queries/{query}/decisions/", {}),
        ("/queries/{query}/decisions/", {"verdict": "perhaps"}),
        ("/queries/{query}/decisions/", {"verdict": "match"}),
        ("/queries/{query}/decisions/", {"verdict": "match", "item": 10**30}),
        ("/queries/{query}/decisions/", {"verdict": "match", "item": "x"}),
        ("/queries/{query}/decisions/", {"verdict": "none", "relation": "variant"}),
        ("/queries/{query}/decisions/", {"verdict": "unsure", "reason": "damaged"}),
        ("/queries/{query}/decisions/", {"verdict": "none", "comment": "a\0b"}),
        ("/queries/{query}/decisions/", {"verdict": "none", "client_key": "x"}),
        ("/queries/{query}/decisions/", {"verdict": "withdrawn"}),
        ("/queries/{query}/decisions/", []),
        ("/queries/{query}/decisions/", {"verdict": "none", "also": [{"item": 1}]}),
        ("/queries/{query}/decisions/", {"verdict": "none", "also": 3}),
        ("/queries/{query}/decisions/", {"verdict": "none", "shown": ["x"]}),
        ("/queries/{query}/remarks/", {}),
        ("/queries/{query}/remarks/", {"text": "a\0b"}),
        ("/batches/{batch}/deal/", {"order": "odd"}),
        ("/batches/{batch}/deal/", {"count": 0}),
        ("/batches/{batch}/deal/", {"have": ["x"]}),
        ("/batches/{batch}/hold/", {"ids": [0]}),
        ("/batches/{batch}/hold/", {"ids": 10**30}),
    ],
)
def test_what_makes_no_sense_is_refused(address, body, rooms, owner, api):
    client = api(owner)
    address = API + address.format(**rooms)
    answer = client.get(address) if body is None else client.post(address, body, format="json")
    assert answer.status_code == 400
    assert answer.json()


@pytest.mark.parametrize("address", ["/exports/", "/queries/{query}/decisions/", "/batches/{batch}/"])
def test_a_body_that_is_no_json_is_refused(address, rooms, owner, api):
    send = api(owner).patch if "batch" in address else api(owner).post
    answer = send(API + address.format(**rooms), b"{half", content_type="application/json")
    assert answer.status_code == 400
