"""The gallery's part of the API, tried by owner, teammate, reviewer, curator and stranger."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories, meshes, pictures
from webapp.gallery.models import Item
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db

ITEMS = "/api/v1/items/"


def file(name, data):
    return SimpleUploadedFile(name, data)


@pytest.fixture
def item(curator):
    return factories.item(name="12.stl", character="葛\U000e0100", prepared_with="f" * 64)


class TestReading:
    @pytest.mark.parametrize("who", ["owner", "teammate", "reviewer", "curator"])
    def test_everybody_who_is_logged_in_reads(self, request, api, who, item):
        client = api(request.getfixturevalue(who))
        found = client.get(ITEMS)
        assert found.status_code == 200
        assert sorted(found.json()) == ["count", "next", "previous", "results"]
        assert found.json()["results"] == [client.get(f"{ITEMS}{item.pk}/").json()]

    def test_strangers_see_nothing(self, api, item):
        for path in (ITEMS, f"{ITEMS}{item.pk}/", f"/api/v1/imports/{item.upload_id}/"):
            assert api(None).get(path).status_code == 401

    def test_an_item_tells_all_there_is_to_know(self, api, owner, item):
        found = api(owner).get(f"{ITEMS}{item.pk}/").json()
        assert found["id"] == item.pk
        assert (found["name"], found["state"], found["handedness"]) == ("12.stl", "ready", "mirrored")
        assert (found["character"], found["codepoint"]) == ("葛\U000e0100", "U+845B U+E0100")
        assert found["error"] is None
        assert found["doubtful"] is False
        for picture in ("thumbnail", "print", "viewer"):
            assert found[picture].startswith(f"/gallery/{item.pk}/")

    def test_a_refused_item_says_why_and_has_no_pictures(self, api, owner, curator):
        refused = factories.item(state="rejected", error_code="bad_mesh", error="it is bad", hint="mend it")
        found = api(owner).get(f"{ITEMS}{refused.pk}/").json()
        assert found["error"] == {"code": "bad_mesh", "message": "it is bad", "hint": "mend it"}
        assert found["thumbnail"] is None

    def test_filters(self, api, owner, item):
        factories.item(name="13.stl", character="一")
        client = api(owner)

        def names(query):
            return [found["name"] for found in client.get(ITEMS + query).json()["results"]]

        assert names("?character=一") == names("?character=U%2B4E00") == ["13.stl"]
        assert names("?character=U%2B0000") == names("?codepoint=U%2B0000") == []
        assert names("?codepoint=U%2B845B+U%2BE0100") == ["12.stl"]
        assert names("?search=13") == ["13.stl"]
        assert names("?state=waiting") == []
        refused = client.get(ITEMS + "?codepoint=nonsense")
        assert refused.status_code == 400
        assert refused.json()["code"] == "bad_codepoint"

    def test_lists_come_in_pages(self, api, owner, curator):
        for seed in range(5):
            factories.item(seed=seed)
        first = api(owner).get(ITEMS + "?page_size=2").json()
        assert (first["count"], len(first["results"])) == (5, 2)
        assert first["next"]

    def test_an_item_that_is_not_there_is_not_found(self, api, owner):
        assert api(owner).get(f"{ITEMS}999/").status_code == 404


class TestUploading:
    def test_a_curator_sends_meshes_and_zips(self, api, curator):
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("5.stl", meshes.block(5, cells=8))
        files = [
            file("1.stl", meshes.block(1, cells=8)),
            file("2.obj", meshes.block(2, "obj", cells=8)),
            file("more.zip", zipped.getvalue()),
            file("page.png", pictures.png(1)),
            file("none.stl", b""),
        ]
        answer = api(curator).post(ITEMS, {"files": files, "name": "blocks"}, format="multipart")
        assert answer.status_code == 201, answer.content
        found = answer.json()
        assert [item["name"] for item in found["items"]] == ["1.stl", "2.obj"]
        assert {item["state"] for item in found["items"]} == {"waiting"}
        upload = found["upload"]
        assert (upload["name"], upload["status"], upload["total"]) == ("blocks", "unpacking", 2)
        assert sorted(one["code"] for one in upload["left_out"]) == ["empty", "not_a_mesh"]
        assert [one["name"] for one in upload["archives"]] == ["more.zip"]
        assert sorted(Job.objects.values_list("kind", flat=True)) == ["import.unpack", "items.prepare"]
        later = api(curator).get(f"/api/v1/imports/{upload['id']}/")
        assert later.json() == upload

    def test_paths_are_kept_where_they_are_sent(self, api, curator):
        files = [file("1.stl", meshes.block(1, cells=8))]
        body = {"files": files, "names": ["阮攸/塊 1.stl"]}
        found = api(curator).post(ITEMS, body, format="multipart").json()
        assert found["items"][0]["name"] == "阮攸/塊 1.stl"

    @pytest.mark.parametrize(
        "body", [{}, {"files": []}, {"files": [SimpleUploadedFile("1.stl", b"x")], "names": ["1", "2"]}]
    )
    def test_a_request_without_its_files_is_refused(self, api, curator, body):
        assert api(curator).post(ITEMS, body, format="multipart").status_code == 400
        assert not Item.objects.exists()

    @pytest.mark.parametrize(("who", "status"), [("owner", 403), ("reviewer", 403), (None, 401)])
    def test_nobody_else_may(self, request, api, who, status):
        client = api(request.getfixturevalue(who) if who else None)
        body = {"files": [file("1.stl", meshes.block(1, cells=8))]}
        assert client.post(ITEMS, body, format="multipart").status_code == status
        assert not Item.objects.exists()


class TestChanging:
    def change(self, client, item, **body):
        return client.patch(f"{ITEMS}{item.pk}/", body, format="json")

    def test_a_curator_says_how_it_lies_and_which_character_it_is(self, api, curator, item):
        found = self.change(api(curator), item, handedness="direct", codepoint="U+4E00")
        assert found.status_code == 200
        assert (found.json()["handedness"], found.json()["character"]) == ("direct", "一")
        assert found.json()["handedness_by"] == "person"
        assert Job.objects.get().payload == {"items": [item.pk]}
        assert self.change(api(curator), item, character="").json()["character"] == ""

    def test_a_curator_says_which_way_up_it_is(self, api, curator, item):
        assert self.change(api(curator), item, turn=180).status_code == 200
        found = api(curator).get(f"{ITEMS}{item.pk}/").json()
        assert (found["turn"], found["turn_by"], found["turn_doubtful"]) == (180, "person", False)
        assert Job.objects.get().payload == {"items": [item.pk]}

    @pytest.mark.parametrize(
        "body",
        [
            {"handedness": "sideways"},
            {"turn": 45},
            {"codepoint": "4E00"},
            {"character": "一", "codepoint": "U+4E8C"},
            {"character": "一 二"},
            {"character": "一二"},
            {"character": "U22886"},
            {"codepoint": "U+4E00 U+4E8C"},
            {"codepoint": "U+0041"},
        ],
    )
    def test_nonsense_is_refused(self, api, curator, item, body):
        assert self.change(api(curator), item, **body).status_code == 400
        item.refresh_from_db()
        assert (item.handedness, item.character) == ("mirrored", "葛\U000e0100")

    def test_a_codepoint_is_read_as_its_character(self, api, curator, item):
        found = self.change(api(curator), item, character="U+323B0", codepoint="U+323B0")
        assert found.json()["character"] == "\U000323b0"
        refused = self.change(api(curator), item, character="⿰亻二")
        assert (refused.status_code, refused.json()["code"]) == (400, "description_sequence")

    @pytest.mark.parametrize(("who", "status"), [("owner", 403), ("reviewer", 403), (None, 401)])
    def test_nobody_else_may(self, request, api, who, status, item):
        client = api(request.getfixturevalue(who) if who else None)
        assert self.change(client, item, character="一").status_code == status
        item.refresh_from_db()
        assert item.character == "葛\U000e0100"
