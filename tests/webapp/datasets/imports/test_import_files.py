"""What a file of labels may hold: bad lines, other tables, other programs' files."""

import io
import json
import unicodedata

import pytest

from tests import factories
from tests.webapp.datasets.imports.importing import bring, in_vietnamese, table, work
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_path
from webapp.datasets.imports.services import import_add

pytestmark = pytest.mark.django_db


def test_every_bad_line_is_reported(queries, items, curator):
    sha256 = queries[0].sha256
    text = "\n".join(
        [
            "sha256,item,verdict,relation,reason,codepoint",
            f"{'0' * 64},5.stl,,,,",
            f"{sha256},,match,,,",
            f"{sha256},5.stl,perhaps,,,",
            f"{sha256},5.stl,match,twin,,",
            f"{sha256},,none,,torn,",
            f"{sha256},,,,,U+D800",
            "xyz,5.stl,,,,",
            f"{sha256},5.stl,,,,,one,more",
            ",5.stl,,,,",
            f'{sha256},"5.stl',
        ]
    )
    made = bring(curator, text)
    assert [(row.line, row.standing, row.word) for row in made.rows.all()] == [
        (2, "no_picture", "no picture here has this content"),
        (3, "bad", "the match has no block"),
        (4, "bad", "perhaps is not a verdict"),
        (5, "bad", "twin is not a relation"),
        (6, "bad", "torn is not a reason"),
        (7, "bad", "'U+D800' is outside Unicode"),
        (8, "bad", "xyz is not a SHA-256 hash"),
        (9, "bad", "more cells than columns"),
        (10, "bad", "the picture is missing"),
        (11, "new", ""),
    ]


@pytest.mark.parametrize("above", ["sep=;\r\n", "\n\n", "\nSEP=;\n"])
def test_what_stands_above_the_columns_is_passed_over(queries, items, curator, above):
    """Excel writes which character parts its cells; other programs leave lines empty."""
    sha256 = queries[0].sha256
    made = bring(curator, f"{above}sha256;item\n{sha256};5.stl\n{'0' * 64};5.stl\n")
    first = above.count("\n") + 2
    assert [(row.line, row.standing) for row in made.rows.all()] == [
        (first, "new"),
        (first + 1, "no_picture"),
    ]


def test_a_file_that_contradicts_itself_is_reported(queries, items, curator):
    made = bring(curator, table(queries, (0, "5.stl"), (0, "5.stl"), (0, "-2.stl")))
    assert [(row.standing, row.word) for row in made.rows.all()] == [
        ("new", ""),
        ("same", "same as line 2"),
        ("bad", "contradicts line 2"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", "empty", "the file is empty"),
        ("sha256,item\n字,x".encode("utf-16"), "bad_encoding", "the file is UTF-16, not UTF-8"),
        ("sha256,item\n字,x".encode("utf-32"), "bad_encoding", "the file is UTF-32, not UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "bad_labels", "the file is an Excel workbook"),
        ("sha256,item\nx,字體\n".encode("gbk"), "bad_encoding", "line 2 is not UTF-8; it may be GBK"),
        (b"sha256,item\nab,\xff\xff\n", "bad_encoding", "line 2 is not UTF-8"),
        (b"sha256,item\nab\0,x\n", "bad_encoding", "line 2 holds a zero byte"),
        (b"name,colour\nx,red\n", "bad_labels", "line 1 does not name the columns"),
        (b"PK\x03\x04zip", "bad_labels", "the file is a zip"),
        (b"[1, 2", "bad_labels", "line 1: the JSON is damaged, or ends too early"),
        (b"[" * 100_000, "bad_labels", "line 1: the JSON is damaged"),
        (b'sha256,item\n"' + b"x" * 200_000 + b'",y\n', "bad_labels", "line 2: a cell is too long"),
    ],
)
def test_what_is_no_table_of_labels_is_refused(curator, content, code, message):
    made = bring(curator, content)
    assert (made.state, made.error_code) == ("failed", code)
    assert message in made.error
    assert made.hint
    in_vietnamese(made)
    assert not made.rows.exists()


def test_too_many_lines_are_refused(queries, curator, monkeypatch):
    monkeypatch.setattr("webapp.datasets.imports.reading.MOST_ROWS", 2)
    made = bring(curator, table(queries, *((n, "5.stl") for n in range(3))))
    assert (made.state, made.error_code) == ("failed", "too_many_labels")
    in_vietnamese(made)


def test_semicolons_and_a_mark_as_spreadsheets_save(queries, items, curator):
    text = f"\ufeffSHA256;Item\r\n{queries[0].sha256.upper()};'=1+1.stl\r\n"
    assert bring(curator, text).rows.get().item == items[0]
    plain = f"sha256,item\n{queries[0].sha256},''@x.stl\n{queries[1].sha256},'@x.stl\n"
    assert [row.item for row in bring(curator, plain).rows.all()] == [None, items[3]]


def test_json_lines_that_are_none_are_reported(queries, items, curator):
    text = "\n".join(
        [
            json.dumps({"sha256": queries[0].sha256, "item": "5.stl", "verdict": "match"}),
            "",
            "{broken",
            json.dumps({"sha256": 1.5, "item": "5.stl"}),
            json.dumps({"sha256": queries[2].sha256, "item": "5.stl", "comment": "a\0b"}),
            json.dumps({"sha256": queries[2].sha256, "item": "\ud800"}),
            json.dumps({"query": queries[1].sha256, "verdict": "match", "matches": [3]}),
            "[]",
        ]
    )
    made = bring(curator, text)
    assert [(row.line, row.standing) for row in made.rows.all()] == [
        (1, "new"),
        (3, "bad"),
        (4, "bad"),
        (5, "bad"),
        (6, "bad"),
        (7, "bad"),
        (8, "bad"),
    ]


def task(query, *results, **more) -> dict:
    annotations = [{"id": n, "result": result} for n, result in enumerate(results)]
    return {
        "data": {"image": f"/data/upload/1/0a1b2c3d-{query.sha256}.png"},
        "annotations": annotations,
    } | more


def choice(word, kind="choices") -> list:
    return [{"from_name": "c", "to_name": "image", "type": kind, "value": {kind: [word]}}]


def test_other_label_studio_projects(batch, queries, items, curator):
    queries[5].name = "13.png"
    queries[5].save()
    tasks = [
        task(queries[0], choice("5.stl")),
        task(queries[1], choice("𠄎", "rectanglelabels")),
        task(queries[2], choice("U+F914")),
        task(queries[3], choice("none")),
        task(queries[4], choice("5.stl"), choice("𠄎")),
        {"data": {"image": "/data/upload/1/0a1b2c3d-13.png"}, "annotations": [{"result": choice("5.stl")}]},
        {"data": {"image": "x.png"}, "annotations": []},
        {"image": f"{queries[6].sha256}.png", "choice": "5.stl", "id": 3},
        {"data": 3},
    ]
    for one in tasks[:5]:
        one["data"]["sha256"] = one["data"]["image"][-68:-4]
    made = bring(curator, json.dumps(tasks, ensure_ascii=False, indent=1), by_name_in=batch)
    assert [(row.standing, row.item) for row in made.rows.all()] == [
        ("new", items[4]),
        ("new", items[2]),
        ("new", items[1]),
        ("new", None),
        ("bad", None),
        ("new", items[4]),
        ("new", items[4]),
        ("bad", None),
    ]
    lines = [row.line for row in made.rows.all()]
    assert lines == sorted(lines)
    assert lines[0] == 2


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"[[[", "bad_labels", "line 1: the JSON is damaged"),
        (b"[[[]]", "bad_labels", "line 1: the JSON is damaged"),
        (b"[]", "no_labels", "the file holds no label"),
        (b" [ \n ] \n", "no_labels", "the file holds no label"),
        (b'[{"data": {"image": "x.png"}, "annotations": []}]', "no_labels", "the file holds no label"),
        (b"sha256,item\n", "no_labels", "the file holds no label"),
        (b"sha256,item\n,\n\n", "no_labels", "the file holds no label"),
        (b"[]\n[]", "bad_labels", "line 2: something stands behind the end of the list"),
        (b'[{"data": 3}]\n\n{"data": 3}', "bad_labels", "line 3: something stands behind the end"),
    ],
)
def test_a_file_without_labels_is_not_imported_in_silence(curator, content, code, message):
    made = bring(curator, content)
    assert (made.state, made.error_code) == ("failed", code)
    assert message in made.error
    assert made.hint


@pytest.mark.parametrize("content", [b"[[]]", b"[[[]]]", b'[[{"data": {"image": "x.png"}}]]', b"[3]"])
def test_a_list_in_the_list_is_no_task(curator, content):
    assert [row.standing for row in bring(curator, content).rows.all()] == ["bad"]


def test_names_are_one_however_their_accents_are_written(batch, queries, curator):
    """macOS writes names apart, tables are mostly written together; either way round."""
    apart, together = (unicodedata.normalize(form, "giáo ế.stl") for form in ("NFD", "NFC"))
    item = factories.item(seed=60, name=f"khắc/{apart}")
    other = factories.item(seed=61, name="ở.stl")
    queries[0].name = unicodedata.normalize("NFD", "trang ấy.png")
    queries[0].save()
    text = f"name,item\ntrang ấy.png,{together}\n1.png,{unicodedata.normalize('NFD', 'ở.stl')}\n"
    made = bring(curator, text, by_name_in=batch)
    assert [(row.query, row.item) for row in made.rows.all()] == [(queries[0], item), (queries[1], other)]


def test_of_two_writings_the_very_same_comes_first(queries, curator):
    apart, together = (unicodedata.normalize(form, "é.stl") for form in ("NFD", "NFC"))
    items = [factories.item(seed=60 + n, name=name) for n, name in enumerate((apart, together))]
    made = bring(curator, table(queries, (0, apart), (1, together)))
    assert [row.item for row in made.rows.all()] == items


def test_characters_are_never_normalised(queries, curator):
    """U+F914 is another character than U+6A02, though NFC would make it that."""
    item = factories.item(seed=60, name="x.stl", character="\uf914")
    factories.item(seed=61, name="樂.stl", character="字")
    made = bring(curator, f"sha256,codepoint\n{queries[0].sha256},U+F914\n{queries[1].sha256},U+6A02\n")
    assert [row.item for row in made.rows.all()] == [item, None]
    assert [row.item for row in bring(curator, table(queries, (0, "\uf914.stl"))).rows.all()] == [None]


def test_half_a_stored_file_is_trouble_of_the_installation(queries, items, curator):
    content = table(queries, (0, "5.stl"), (1, "5.stl")).encode()
    made = import_add(user=curator, stream=io.BytesIO(content), name="x.csv")
    path = blob_path(made.sha256)
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreTrouble):
        work(made)
    assert not made.rows.exists()
