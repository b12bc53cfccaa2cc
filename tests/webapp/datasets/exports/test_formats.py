"""Each format of a snapshot, read back by the library that it is for."""

import io
import json
import zipfile

import numpy as np
import pytest
import webdataset
from django.conf import settings
from PIL import Image
from pyarrow import parquet
from pycocotools.coco import COCO

from retrieval.io.sets import read_set
from tests import factories
from tests.progress import FakeProgress
from tests.webapp.datasets.exports import writing
from webapp.core.errors import Conflict, Refused
from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.formats import FORMATS
from webapp.datasets.exports.selectors import export_file_name, export_path, exports_for
from webapp.datasets.exports.services import snapshot_export_request
from webapp.datasets.models import Export
from webapp.datasets.snapshots.files import snapshot_folder
from webapp.datasets.snapshots.manifest import BadSnapshot
from webapp.datasets.snapshots.services import snapshot_request
from webapp.review.answer import Match
from workers.tasks.datasets.export_write import export_write
from workers.tasks.datasets.snapshot_freeze import snapshot_freeze

pytestmark = pytest.mark.django_db

# The third is a compatibility ideograph, the fourth lies beyond the BMP, the fifth has a variation selector.
CHARACTERS = ["字", "樂", "\uf914", "𠄎", "葛\U000e0100", ""]


@pytest.fixture
def items():
    made = [factories.item(seed=n, name=f"database/{n}.stl", character=c) for n, c in enumerate(CHARACTERS)]
    for item in made:
        folder = settings.ENV.data / "derived" / "items" / str(item.pk)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((8, 8), item.pk % 256, np.uint8)).save(folder / "print.png")
    return made


@pytest.fixture
def snapshot(owner, curator, items):
    """Twenty matches over six items, each refused at the rank above; one more of two items; one none."""
    batch = factories.batch(owner, name="=Kiều, 翹")
    for n in range(22):
        factories.suggestions(factories.query(batch, seed=n, name=f"queries/{n}.png"), items[:5])
    queries = list(batch.queries.order_by("pk"))
    for n, query in enumerate(queries[:20]):
        factories.answer(query=query, annotator=owner, verdict="match", item=items[n % 6], relation="variant")
    also = [Match(items[1], "variant")]
    factories.answer(query=queries[20], annotator=owner, verdict="match", item=items[0], also=also)
    factories.answer(query=queries[21], annotator=owner, verdict="none", reason="damaged", comment="-1+1")
    made = snapshot_request(user=curator)
    snapshot_freeze({"snapshot": made.pk}, FakeProgress())
    made.refresh_from_db()
    assert made.count == 22
    return made


@pytest.fixture
def written(snapshot, curator):
    """The file of the snapshot in a format, as bytes."""
    return lambda format, **wanted: writing.written(
        snapshot_export_request(snapshot=snapshot, owner=curator, format=format, **wanted)
    )


def unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
        return sorted(packed.namelist())


def characters_of(rows):
    return {one for one in rows if one}


def test_csv_tells_every_text_as_it_is(written):
    rows = writing.csv_rows(written("csv"))
    assert len(rows) == 22  # a row for each label; further matches stand beside the first
    assert [row["also_relations"] for row in rows if row["also_items"]] == ["variant"]
    assert {row["batch"] for row in rows} == {"=Kiều, 翹"}
    assert characters_of(row["character"] for row in rows) == {c for c in CHARACTERS if c}
    assert {row["codepoint"] for row in rows} >= {"U+F914", "U+2010E", "U+845B U+E0100"}
    assert {row["split"] for row in rows} <= {"train", "validation", "test", "between"}


def test_csv_for_excel_runs_no_formula(written):
    content = written("excel")
    assert content.startswith(b"\xef\xbb\xbf")
    assert {row["batch"] for row in writing.csv_rows(content[3:])} == {"'=Kiều, 翹"}


def test_json_lines_hold_the_whole_origin(written, snapshot):
    rows = [json.loads(line) for line in written("jsonl").decode().splitlines()]
    assert len(rows) == snapshot.count
    (several,) = [one for one in rows if len(one["matches"]) == 2]
    assert [one["character"] for one in several["matches"]] in (["字", "樂"], ["樂", "字"])
    assert rows[0]["origin"]["decisions"][0]["annotator"] == "owner"
    (none,) = [one for one in rows if one["verdict"] == "none"]
    assert none["origin"]["decisions"][0]["comment"] == "-1+1"


def test_parquet_is_read_by_pyarrow(written):
    table = parquet.read_table(io.BytesIO(written("parquet")))
    rows = table.to_pylist()
    assert len(rows) == 22
    assert [len(row["also_item_ids"]) for row in rows if row["also_items"]] == [1]
    assert characters_of(row["character"] for row in rows) == {c for c in CHARACTERS if c}
    assert table.schema.field("release").type == "int64"


@pytest.mark.parametrize("split", ["block", "character"])
def test_hugging_face_loads_it_from_the_folder(written, snapshot, tmp_path, split, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets  # looks for the network as soon as it is imported

    names = unpacked(written("huggingface", split=split), tmp_path / "set")
    assert "README.md" in names
    assert "missing.txt" not in names
    loaded = datasets.load_dataset(
        "imagefolder", data_dir=tmp_path / "set", cache_dir=str(tmp_path / "cache")
    )
    sides = snapshot.card["splits"][split]
    assert {name: len(part) for name, part in loaded.items()} == {
        side: number for side, number in sides.items() if number and side != "between"
    }
    first = loaded["train"][0]
    assert first["image"].size == (64, 64)
    assert len(first["items"]) == len(first["characters"]) == len(first["relations"])


def test_webdataset_streams_it(written, snapshot, tmp_path):
    names = unpacked(written("webdataset"), tmp_path)
    seen = []
    for name in names:
        shard = webdataset.WebDataset(str(tmp_path / name), shardshuffle=False).decode("pil")
        for sample in shard:
            assert sample["png"].size == (64, 64)
            seen.append((name.partition("-")[0], sample["json"]["query"]))
    sides = snapshot.card["splits"]["block"]
    assert len(seen) == snapshot.count - sides["between"]
    for side in ("train", "validation", "test"):
        assert sum(one == side for one, _ in seen) == sides[side]


def test_shards_are_cut(written, monkeypatch):
    monkeypatch.setattr("webapp.datasets.exports.formats.webdataset.SAMPLES_A_SHARD", 4)
    with zipfile.ZipFile(io.BytesIO(written("webdataset"))) as packed:
        assert {"train-000000.tar", "train-000001.tar"} <= set(packed.namelist())


def test_folders_are_codepoints(written, tmp_path, items):
    names = unpacked(written("folders"), tmp_path)
    folders = {name.split("/")[0] for name in names}
    unknown = f"item-{items[5].sha256}"
    assert folders == {"U+5B57", "U+6A02", "U+F914", "U+2010E", "U+845B_U+E0100", unknown}
    with Image.open(tmp_path / names[0]) as picture:
        assert picture.size == (64, 64)


def test_coco_is_read_by_its_own_library(written, tmp_path):
    path = tmp_path / "annotations.json"
    path.write_bytes(written("coco"))
    coco = COCO(str(path))
    assert (len(coco.getImgIds()), len(coco.getAnnIds())) == (22, 22)
    assert {one["name"] for one in coco.loadCats(coco.getCatIds())} >= {"U+F914", "U+2010E", "U+845B U+E0100"}
    assert coco.loadAnns(coco.getAnnIds()[:1])[0]["bbox"] == [0, 0, 64, 64]


def test_coco_with_pictures_names_them(written, tmp_path):
    names = unpacked(written("coco", with_images=True), tmp_path)
    rows = json.loads((tmp_path / "annotations.json").read_text(encoding="utf-8"))
    assert {f"images/{one['file_name']}" for one in rows["images"]} == {
        n for n in names if n != "annotations.json"
    }


def test_label_studio_gets_tasks(written):
    tasks = json.loads(written("label_studio"))
    assert len(tasks) == 22
    several = [
        task for task in tasks if len(task["annotations"][0]["result"][-1]["value"].get("text", "")) == 2
    ]
    assert len(several) == 1
    for task in tasks:
        assert task["data"]["sha256"]
        assert len(task["predictions"]) == 5
        assert {one["to_name"] for one in task["annotations"][0]["result"]} == {"image"}


def test_the_benchmark_set_is_evaluated_by_the_library(written, tmp_path):
    unpacked(written("benchmark"), tmp_path)
    bench = read_set(tmp_path)
    assert (len(bench.queries), len(bench.items)) == (21, 6)
    assert bench.read_item(bench.items[0])


def test_the_course_table_names_five_blocks_the_right_one_first(written, items):
    rows = {row["query"]: row["label"].split(",") for row in writing.csv_rows(written("course"))}
    assert len(rows) == 22
    assert all(len(names) == 5 for names in rows.values())
    for n in range(20):
        assert rows[f"{n}.png"][0] == f"{n % 6}.stl"
    assert rows["20.png"][:2] == ["0.stl", "1.stl"]
    assert rows["21.png"] == ["0.stl", "1.stl", "2.stl", "3.stl", "4.stl"]


def test_open_metric_learning_takes_its_table(written, tmp_path):
    """Its own check of such a table, retold: it cannot live beside this project's libraries."""
    unpacked(written("oml"), tmp_path)
    rows = writing.csv_rows((tmp_path / "df.csv").read_bytes())
    assert {"label", "path", "split", "is_query", "is_gallery"} <= set(rows[0])
    assert {row["split"] for row in rows} <= {"train", "validation"}
    for row in rows:
        assert (tmp_path / row["path"]).is_file()
        assert row["label"].isdecimal()
        if row["split"] == "train":
            assert row["is_query"] == row["is_gallery"] == ""
        else:
            assert {row["is_query"], row["is_gallery"]} == {"True", "False"}
    classes = {
        side: {row["label"] for row in rows if row["split"] == side} for side in ("train", "validation")
    }
    assert classes["train"]
    assert not classes["train"] & classes["validation"]


def test_triplets_are_what_was_refused_above_the_match(written, items):
    rows = [json.loads(line) for line in written("triplets").decode().splitlines()]
    third = [one for one in rows if one["positive"] == items[2].sha256]
    assert {(one["negative"], one["negative_rank"]) for one in third} == {
        (items[0].sha256, 1),
        (items[1].sha256, 2),
    }
    assert all(one["release"] == factories.release().pk for one in rows)
    found_by_hand = [one for one in rows if one["positive"] == items[5].sha256]
    assert {one["negative_rank"] for one in found_by_hand} == {1, 2, 3, 4, 5}
    assert {one["positive_rank"] for one in found_by_hand} == {None}


def test_no_match_is_its_own_negative(written):
    for line in written("triplets").decode().splitlines():
        one = json.loads(line)
        assert one["positive"] != one["negative"]


def test_pairs_have_their_relation(written):
    rows = [json.loads(line) for line in written("pairs").decode().splitlines()]
    assert len(rows) == 22
    assert {one["relation"] for one in rows} == {"variant", None}


def test_what_is_gone_is_named(written, snapshot, owner):
    batch = owner.batch_set.get()
    blob_path(batch.queries.first().sha256).unlink()
    with zipfile.ZipFile(io.BytesIO(written("csv", with_images=True))) as packed:
        assert packed.read("missing.txt").decode().startswith("the file of the picture queries/0.png")
        assert sum(name.startswith("images/") for name in packed.namelist()) == 21


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_snapshot_gives_the_same_file(written, format):
    assert written(format, with_images=True) == written(format, with_images=True)


def test_an_edited_snapshot_is_not_exported(snapshot, curator):
    path = snapshot_folder(snapshot.number) / "manifest.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    export = snapshot_export_request(snapshot=snapshot, owner=curator, format="csv")
    with pytest.raises(BadSnapshot):
        export_write({"export": str(export.pk)}, FakeProgress())
    assert not export_path(export).exists()


@pytest.mark.parametrize("wanted", [{"format": "x"}, {"format": "csv", "split": "page"}])
def test_what_there_is_not_is_refused(snapshot, curator, wanted):
    with pytest.raises(Refused):
        snapshot_export_request(snapshot=snapshot, owner=curator, **wanted)
    assert not Export.objects.exists()


def test_one_that_is_not_frozen_is_not_exported(curator):
    with pytest.raises(Conflict):
        snapshot_export_request(snapshot=snapshot_request(user=curator), owner=curator, format="csv")


def test_only_curators_see_it(snapshot, curator, owner):
    export = snapshot_export_request(snapshot=snapshot, owner=curator, format="folders")
    assert list(exports_for(curator)) == [export]
    assert list(exports_for(owner)) == []
    assert export_file_name(export) == "snapshot-1-folders.zip"
