"""The whole job through the API, as a program does it with a token."""

import csv
import io
import json
import zipfile

import pytest

from tests import archives, pictures
from tests.browser.client import Client, until

WAIT = 90  # seconds


def batch_of(client, files, **values):
    """Upload ``files`` as one batch, and wait until all of it is done."""
    sent = client.send("/api/v1/batches/", files, {"name": "page 13"} | values)
    assert sent.status == 201, sent.body
    return until(lambda: _over(client, sent.json["id"]), within=WAIT, what="the batch is done")


def _over(client, pk):
    batch = client.get(f"/api/v1/batches/{pk}/").json
    return batch if batch["status"] == "ready" else None


def queries_of(client, batch):
    return client.all(f"/api/v1/queries/?batch={batch['id']}&page_size=500")


@pytest.fixture(scope="module")
def client(stack, gallery):
    return stack.client()


@pytest.fixture(scope="module")
def batch(client):
    """Ten prints, loose and in zips of Windows and macOS, among what is not wanted."""
    loose = [(f"{seed:02}.png", pictures.png(seed)) for seed in range(4)]
    windows = archives.of_windows([(f"字喃/{seed:02}.jpg", pictures.jpeg(seed)) for seed in (4, 5, 6)], "gbk")
    macos = archives.of_macos([(f"字喃/{seed:02}.png", pictures.png(seed)) for seed in (7, 8, 9)])
    unwanted = [("again.png", loose[0][1]), ("Thumbs.db", b"x"), ("broken.png", loose[1][1][:900])]
    return batch_of(client, [*loose, ("windows.zip", windows), ("macos.zip", macos), *unwanted])


def test_everything_is_accounted_for(batch):
    assert (batch["total"], batch["done"], batch["failed"]) == (11, 10, 1)
    values = {entry["name"]: entry["code"] for entry in batch["left_out"]}
    assert values["again.png"] == "duplicate"
    assert values["Thumbs.db"] == "junk"
    assert values[".DS_Store"] == "junk"
    assert all(entry["reason"] for entry in batch["left_out"])


def test_names_in_any_script_survive(client, batch):
    names = {query["name"] for query in queries_of(client, batch)}
    assert {"字喃/04.jpg", "字喃/07.png", "00.png"} <= {name.replace("\\", "/") for name in names}


def test_five_suggestions_each_and_the_right_ones(client, batch):
    found = 0
    for query in queries_of(client, batch):
        if query["name"] == "broken.png":
            assert query["status"] == "rejected"
            assert query["error"]["code"]
            assert query["error"]["message"]
            continue
        suggestions = query["suggestions"]
        assert [one["rank"] for one in suggestions] == [1, 2, 3, 4, 5]
        distances = [one["distance"] for one in suggestions]
        assert distances == sorted(distances)
        assert all(0 <= distance <= 2 for distance in distances)
        assert all(0 <= one["confidence"] <= 1 for one in suggestions)
        assert len({one["item"]["id"] for one in suggestions}) == 5
        found += query["name"][-6:-4] in {one["item"]["name"][:2] for one in suggestions}
    assert found >= 6  # made-up strokes are not what the weights were trained for; by chance it were two


def test_pictures_can_be_had(client, batch):
    query = queries_of(client, batch)[0]
    for address in (query["image"], *(one["item"]["thumbnail"] for one in query["suggestions"])):
        answer = client.get(address)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("image/")
        assert len(answer.body) > 100
    item = client.get(f"/api/v1/items/{query['suggestions'][0]['item']['id']}/").json
    assert client.get(item["viewer"]).body[:4] == b"glTF"


def test_answers_are_kept_and_taken_away(client, batch):
    ready = [query for query in queries_of(client, batch) if query["status"] == "ready"]
    chosen = ready[0]["suggestions"][2]["item"]["id"]
    said = [
        (ready[0], {"verdict": "match", "item": chosen}),
        (ready[1], {"verdict": "none", "reason": "damaged"}),
        (ready[2], {"verdict": "unsure"}),
        (ready[3], {"verdict": "skip"}),
    ]
    for query, answer in said:
        made = client.post(f"/api/v1/queries/{query['id']}/decisions/", answer)
        assert made.status == 201, made.body
        assert made.json["verdict"] == answer["verdict"]
    again = client.get(f"/api/v1/queries/{ready[0]['id']}/").json
    assert (again["decision"]["verdict"], again["decision"]["item"]) == ("match", chosen)

    rows = list(csv.DictReader(io.StringIO(export_of(client, batch, "csv").decode("utf-8-sig"))))
    by_name = {row["query"]: row for row in rows}
    assert by_name[ready[0]["name"]]["verdict"] == "match"
    assert by_name[ready[1]["name"]]["verdict"] == "none"

    lines = [json.loads(line) for line in export_of(client, batch, "jsonl").splitlines()]
    assert len(lines) == len(rows)

    course = export_of(client, batch, "course").decode("utf-8-sig").splitlines()
    assert course[0] == "query,label"
    values = {row["query"]: row["label"].split(",") for row in csv.DictReader(course)}
    assert all(len(names) == 5 for names in values.values())
    assert len(values) == 10


def test_an_export_with_pictures_holds_the_very_files(client, batch):
    archive = zipfile.ZipFile(io.BytesIO(export_of(client, batch, "course", with_images=True)))
    assert archive.testzip() is None
    held = {archive.read(name) for name in archive.namelist()}
    assert pictures.png(0) in held
    assert pictures.jpeg(4) in held


def export_of(client, batch, kind, **values):
    """Ask for an export, wait for it, and fetch its file."""
    made = client.post("/api/v1/exports/", {"batch": batch["id"], "format": kind} | values)
    assert made.status in {201, 202}, made.body
    address = f"/api/v1/exports/{made.json['id']}/download/"
    early = client.get(address)
    assert early.status in {200, 409}
    answer = until(lambda: (found := client.get(address)).status == 200 and found, within=WAIT, what=address)
    return answer.body


def test_another_picture_of_a_known_batch_is_found_soon(client, gallery):
    """One picture does not wait behind a big batch: it has a worker of its own."""
    done = batch_of(client, [("one.png", pictures.png(3, style=2))])
    assert (done["total"], done["done"]) == (1, 1)


def test_lists_are_paged(client, batch):
    page = client.get(f"/api/v1/queries/?batch={batch['id']}&page_size=4").json
    assert set(page) == {"count", "next", "previous", "results"}
    assert (page["count"], len(page["results"])) == (11, 4)
    assert len(queries_of(client, batch)) == 11


def test_items_are_found_by_character(client, gallery):
    item = gallery[3]
    changed = client.ask(
        "PATCH", f"/api/v1/items/{item['id']}/", json.dumps({"character": "𡦂"}).encode(), "application/json"
    )
    assert changed.status == 200, changed.body
    assert changed.json["codepoint"] == "U+21982"
    for asked in ("character=%F0%A1%A6%82", "codepoint=U%2B21982"):
        assert [found["id"] for found in client.all(f"/api/v1/items/?{asked}")] == [item["id"]]


@pytest.fixture(scope="module")
def teammate(stack):
    """Another annotator's client."""
    stack.person("teammate")
    return stack.client(stack.token("teammate"))


class TestDoors:
    def test_another_s_batch_is_not_there(self, client, teammate, batch):
        query = queries_of(client, batch)[0]
        made = client.post("/api/v1/exports/", {"batch": batch["id"], "format": "csv"}).json
        doors = [
            ("GET", f"/api/v1/batches/{batch['id']}/"),
            ("GET", f"/api/v1/queries/{query['id']}/"),
            ("GET", f"/api/v1/queries/{query['id']}/decisions/"),
            ("GET", f"/api/v1/exports/{made['id']}/"),
            ("GET", f"/api/v1/exports/{made['id']}/download/"),
            ("GET", query["image"]),
        ]
        assert [teammate.ask(*door).status for door in doors] == [404] * len(doors)
        answer = teammate.post(f"/api/v1/queries/{query['id']}/decisions/", {"verdict": "unsure"})
        assert answer.status == 404
        assert teammate.get(f"/api/v1/queries/?batch={batch['id']}").json.get("count", 0) == 0
        assert batch["id"] not in {one["id"] for one in teammate.all("/api/v1/batches/")}

    def test_everybody_reads_the_gallery_and_curators_write_it(self, teammate, gallery):
        assert teammate.get(f"/api/v1/items/{gallery[0]['id']}/").status == 200
        assert teammate.send("/api/v1/items/", [("a.stl", b"x")]).status == 403

    def test_without_a_token_nothing_is_told(self, stack, batch):
        stranger = Client(stack.url)
        for path in ("batches/", "items/", "queries/", "exports/", f"batches/{batch['id']}/", "schema/"):
            assert stranger.get(f"/api/v1/{path}").status == 401

    def test_a_wrong_token_is_refused(self, stack):
        assert stack.client("0" * 40).get("/api/v1/batches/").status == 401

    def test_the_schema_can_be_read(self, client):
        answer = client.get("/api/v1/schema/?format=json")
        assert answer.status == 200
        assert {"/api/v1/items/", "/api/v1/batches/", "/api/v1/exports/"} <= set(answer.json["paths"])
