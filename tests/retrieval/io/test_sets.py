import zipfile

import pytest

from common.errors import BadInput
from retrieval.errors import BadSet
from retrieval.io.sets import mesh_names, picture_names, read_set, split_label

TABLES = {
    "labels.csv": 'query,label\r\n2.png,"2.stl, 10.stl"\r\n10.png,1.stl\r\n3.png,\r\n',
    "kinds.csv": "query,kind\n2.png,print\n10.png,style\n",
    "characters.csv": "item,codepoint\n1.stl,U+4E00\n",
}
FILES = {
    "database/1.stl": "m1",
    "database/2.stl": "m2",
    "database/10.stl": "m10",
    "database/1.mtl": "material",
    "queries/2.png": "q2",
    "queries/3.png": "q3",
    "queries/4.png": "q4",
    "queries/10.png": "q10",
    "queries/notes.txt": "",
}


def made(tmp_path, *, prefix="", zipped=False, **tables):
    content = {**FILES, **TABLES, **{f"{name}.csv": text for name, text in tables.items()}}
    content = {prefix + name: text for name, text in content.items() if text is not None}
    if zipped:
        with zipfile.ZipFile(tmp_path / "one.zip", "w") as file:
            for name, text in content.items():
                file.writestr(name, text)
        return tmp_path / "one.zip"
    for name, text in content.items():
        path = tmp_path / "one" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path / "one"


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("prefix", ["", "deeper/"])
def test_reads_a_set(tmp_path, zipped, prefix):
    bench = read_set(made(tmp_path, prefix=prefix, zipped=zipped))
    assert bench.name == "one"
    assert bench.items == ("1.stl", "2.stl", "10.stl")
    assert bench.queries == ("2.png", "10.png")
    assert bench.labels == {"2.png": {"2.stl", "10.stl"}, "10.png": {"1.stl"}}
    assert bench.kinds == {"2.png": "print", "10.png": "style"}
    assert bench.characters == {"1.stl": "U+4E00"}
    assert bench.unlabelled == ("3.png", "4.png")
    assert bench.read_item("10.stl") == b"m10"
    assert bench.read_query("10.png") == b"q10"


def test_kinds_and_characters_may_be_missing(tmp_path):
    bench = read_set(made(tmp_path, kinds=None, characters=None))
    assert bench.kinds == {}
    assert bench.characters == {}


def test_labels_saved_by_a_spreadsheet(tmp_path):
    bench = read_set(made(tmp_path, labels="\ufeffquery,label,note\n10.png, 1.stl ,x\n10.png,2.stl,\n\n"))
    assert bench.labels == {"10.png": {"1.stl", "2.stl"}}


def test_a_labelled_query_without_a_picture_is_still_a_query(tmp_path):
    bench = read_set(made(tmp_path, labels="query,label\n99.png,1.stl\n"))
    assert bench.queries == ("99.png",)
    with pytest.raises(BadInput, match=r"99\.png is missing"):
        bench.read_query("99.png")


def test_labels_that_name_missing_items_are_refused_with_the_list(tmp_path):
    with pytest.raises(BadSet, match=r"name 2 items .*: 7\.stl, 77\.stl") as caught:
        read_set(made(tmp_path, labels='query,label\n2.png,"1.stl,77.stl"\n10.png,7.stl\n'))
    assert caught.value.code == "set_items_missing"
    many = ",".join(f"{number}.obj" for number in range(300))
    with pytest.raises(BadSet, match=r"name 300 items .*19\.obj and 280 more"):
        read_set(made(tmp_path, labels=f'query,label\n2.png,"{many}"\n'))


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"labels": None}, "no labels.csv"),
        ({"labels": ""}, "labels no query"),
        ({"labels": "query,label\n"}, "labels no query"),
        ({"labels": "a,b\n1,2\n"}, "no columns query and label"),
        ({"labels": b"query,label\n\xff\xfe,1.stl\n"}, "cannot be read"),
        ({"labels": "query,label\n1.png," + "x" * 200_000 + "\n"}, "cannot be read"),
        ({"kinds": "query\n2.png\n"}, "no columns query and kind"),
    ],
)
def test_refuses_tables(tmp_path, tables, words):
    with pytest.raises(BadSet, match=words) as caught:
        read_set(made(tmp_path, **tables))
    assert caught.value.hint


def test_refuses_what_is_no_set(tmp_path):
    with pytest.raises(BadSet):
        read_set(tmp_path / "nowhere")
    (tmp_path / "labels.csv").write_text("query,label\n1.png,1.stl\n")
    with pytest.raises(BadSet, match="no meshes"):
        read_set(tmp_path)


def test_what_lies_beside_meshes_and_pictures():
    names = ["1.stl", "2.OBJ", "2.mtl", "wood.JPG", "labels.csv", "3.glb", "noextension"]
    assert mesh_names(names) == ("1.stl", "2.OBJ", "3.glb", "noextension")
    assert picture_names(names) == ("1.stl", "2.OBJ", "wood.JPG", "3.glb", "noextension")
    assert split_label(" a.stl,,b.stl ,") == ("a.stl", "b.stl")
