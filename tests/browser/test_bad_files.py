"""Broken files at every door: each is named with its reason and its remedy, and stops nothing else."""

import io
import os
import zipfile

import pytest

from tests import archives, meshes, pictures
from tests.browser.client import until
from tests.browser.test_api_journey import batch_of, queries_of

# PostgreSQL refuses what SQLite takes, such as a reason that quotes a NUL.
pytestmark = pytest.mark.installation("on_services")
PNG = pictures.png(1)
BAD_PICTURES = {
    "empty.png": b"",
    "truncated.png": PNG[: len(PNG) // 2],
    "truncated.jpg": pictures.jpeg(2)[:1500],
    "only a name.png": b"this is text, whatever its name says",
    "mesh.png": meshes.block(2, cells=8),
    "noise.webp": os.urandom(4000),
    "huge.png": pictures.png_header_of(30_000, 30_000),
    "head only.png": PNG[:33],
    "page.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}
GOOD_UNDER_A_WRONG_NAME = {"really a jpeg.png": pictures.jpeg(11), "no ending": pictures.png(12)}
BAD_ZIPS = {
    "bomb.zip": archives.bomb(megabytes=1200),
    "encrypted.zip": archives.encrypted("a.png", PNG),
    "truncated.zip": archives.zipped([("a.png", PNG)])[:200],
    "nested.zip": archives.zipped([("inner.zip", archives.zipped([("a.png", PNG)]))]),
    "outside.zip": archives.zipped([("../../outside.png", PNG), ("/etc/outside.png", pictures.png(2))]),
    "empty.zip": archives.zipped([]),
}
BAD_MESHES = {
    "empty.stl": b"",
    "truncated.stl": meshes.block(1, cells=16)[:-700],
    "nan.stl": meshes.with_nan(),
    "no triangles.stl": meshes.without_triangles(),
    "one triangle.stl": meshes.one_triangle(),
    "picture.stl": PNG,
    "text.obj": b"nothing of a mesh in here\n",
    "flat.stl": meshes.stl(meshes.relief(3, 8)[0] * [1, 1, 0], meshes.relief(3, 8)[1]),
    "truncated.glb": meshes.block(1, "glb", 8)[:300],
    "far index.ply": meshes.ply(meshes.relief(1, 4)[0], meshes.relief(1, 4)[1] + 1000),
}


@pytest.fixture(scope="module")
def client(stack, gallery):
    return stack.client()


def refusals_of_batch(client, batch):
    """name -> what was said of it, for all that became no usable query."""
    said = {entry["name"]: entry["reason"] for entry in batch["left_out"]}
    for query in queries_of(client, batch):
        if query["error"]:
            said[query["name"]] = f"{query['error']['message']}; {query['error']['hint']}"
    return said


@pytest.fixture(scope="module")
def mixed(client):
    """Good pictures in the middle of bad ones."""
    files = [*BAD_PICTURES.items(), ("good.png", pictures.png(10)), *GOOD_UNDER_A_WRONG_NAME.items()]
    return batch_of(client, files)


def test_the_good_ones_are_done(client, mixed):
    ready = {query["name"] for query in queries_of(client, mixed) if query["status"] == "ready"}
    assert ready == {"good.png", *GOOD_UNDER_A_WRONG_NAME}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_bad_picture_is_named_with_reason_and_remedy(client, mixed, name):
    result = refusals_of_batch(client, mixed)[name]
    assert name in result
    assert ";" in result
    assert len(result.split(";")[-1].strip()) > 5


@pytest.fixture(scope="module")
def zips(client):
    return batch_of(client, [*BAD_ZIPS.items(), ("good.png", pictures.png(13))])


def test_a_bad_zip_stops_nothing_and_writes_nothing_outside(client, stack, zips):
    queries = {query["name"]: query["status"] for query in queries_of(client, zips)}
    assert queries["good.png"] == "ready"
    assert not (stack.data.parent / "outside.png").exists()
    assert not list(stack.folder.rglob("*outside*"))


@pytest.mark.parametrize("name", ["bomb.zip", "encrypted.zip", "truncated.zip", "nested.zip", "outside.zip"])
def test_a_bad_zip_is_told(client, zips, name):
    said = " ".join(f"{entry['name']}: {entry['reason']}" for entry in zips["left_out"])
    expected = {
        "bomb.zip": "picture.png",
        "encrypted.zip": "a.png",
        "truncated.zip": "truncated.zip",
        "nested.zip": "inner.zip",
        "outside.zip": "outside.png",
    }
    assert expected[name] in said


def test_the_same_zip_holds_good_and_bad(client):
    files = [
        ("a/good.png", pictures.png(14)),
        ("a/bad.png", PNG[:100]),
        ("a/._good.png", b"x"),
        ("a/b.txt", b"text"),
    ]
    batch = batch_of(client, [("both.zip", archives.zipped(files))])
    assert (batch["done"], batch["failed"]) == (1, 1)
    assert {entry["name"].rsplit("/")[-1] for entry in batch["left_out"]} == {"._good.png", "b.txt"}


def test_a_zip_bomb_costs_no_disk(stack, zips):
    stored = sum(path.stat().st_size for path in stack.data.rglob("*") if path.is_file())
    assert stored < 1 << 30


@pytest.fixture(scope="module")
def items(client):
    """What became of bad meshes with a good one among them: name -> (state, what was said)."""
    good = meshes.block(70, "ply", 40)
    sent = client.send("/api/v1/items/", [*BAD_MESHES.items(), ("good.ply", good)])
    assert sent.status in {200, 201, 202}, sent.body
    said = {
        one["name"]: ("left_out", one["reason"])
        for one in sent.json["upload"]["left_out"]
        if one["name"] in BAD_MESHES
    }
    wanted = {*BAD_MESHES, "good.ply"} - set(said)

    def over():
        found = {item["name"]: item for item in client.all("/api/v1/items/?page_size=500")}
        held = {name: found[name] for name in wanted if name in found}
        return (
            held
            if len(held) == len(wanted) and "waiting" not in {i["state"] for i in held.values()}
            else None
        )

    for name, item in until(over, within=90, what="the meshes are done").items():
        error = item["error"] or {}
        said[name] = (item["state"], f"{error.get('message')}; {error.get('hint')}")
    return said


def test_the_good_mesh_is_ready(items):
    assert items["good.ply"][0] == "ready"


@pytest.mark.parametrize("name", BAD_MESHES)
def test_a_bad_mesh_is_named_with_reason_and_remedy(items, name):
    state, result = items[name]
    assert state in {"rejected", "left_out"}
    assert name in result
    assert len(result.split(";")[-1].strip()) > 5


def test_a_few_lost_corners_are_repaired_and_told(client):
    client.send("/api/v1/items/", [("scratched.stl", meshes.with_nan(72, share=0))])

    def over():
        found = client.get("/api/v1/items/?search=scratched").json["results"]
        return found and found[0]["state"] != "waiting" and found[0]

    item = until(over, within=90, what="the scratched mesh is done")
    assert item["state"] == "ready"
    assert "not finite" in " ".join(item["repairs"])


def test_a_million_triangles_are_only_slow(client):
    content = meshes.block(71, "stl", 708)
    assert content[80:84] == (2 * 708**2).to_bytes(4, "little")
    client.send("/api/v1/items/", [("million.stl", content)])

    def over():
        found = [item for item in client.all("/api/v1/items/?page_size=500") if item["name"] == "million.stl"]
        return found and found[0]["state"] != "waiting" and found[0]

    item = until(over, within=120, what="the large mesh is done")
    assert item["state"] == "ready", item["error"]
    assert len(client.get(item["viewer"]).body) < 2_000_000


def test_nothing_stored_was_lost(client, stack, mixed, zips, items):
    """The database and the files agree after all of this."""
    for batch in (mixed, zips):
        assert client.get(f"/api/v1/batches/{batch['id']}/").json["total"] == batch["total"]
    assert zipfile.is_zipfile(io.BytesIO(BAD_ZIPS["bomb.zip"]))
    assert client.get("/health/ready").status == 200
