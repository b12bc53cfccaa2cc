"""Labels that left come back in: exactly, once, reversibly; what else a file may hold is told by its line."""

import io
import json
from contextlib import contextmanager

import pytest

from tests import factories
from webapp.core.errors import Conflict
from webapp.datasets.imports import (
    import_add,
    import_apply,
    import_undo,
    imports_for,
    rows_of_import,
    standings_of,
)
from webapp.datasets.models import LabelImport
from webapp.datasets.selectors import export_path
from webapp.datasets.services import export_request, snapshot_export_request
from webapp.review.answers import Match
from webapp.review.models import Decision
from webapp.review.selectors import query_label
from webapp.review.services import decision_record
from workers.tasks import label_import
from workers.tasks.export import export_write

pytestmark = pytest.mark.django_db

# One with a selector, one of compatibility, one beyond the BMP, one for private use, one unknown.
CHARACTERS = ["葛\U000e0100", "\uf914", "𠄎", "\U000f0001", ""]
NAMES = ["=1+1.stl", "a/樂.stl", "-2.stl", "'@x.stl", "5.stl"]


class Told:
    """Stands for a job's progress."""

    def report(self, done, total):
        pass

    note = report

    @contextmanager
    def writing(self):
        yield


@pytest.fixture
def items():
    told = zip(NAMES, CHARACTERS, strict=True)
    return [factories.item(seed=n, name=name, character=c) for n, (name, c) in enumerate(told)]


@pytest.fixture
def batch(owner):
    made = factories.batch(owner, name="=Kiều; 翹")
    for n in range(8):
        factories.query(made, seed=n, name=f"+13/{n}.png")
    return made


@pytest.fixture
def queries(batch):
    return list(batch.queries.order_by("pk"))


@pytest.fixture
def labelled(queries, items, owner):
    """Every block once, one picture with two, one none, one unsure."""
    for query, item in zip(queries, items, strict=False):
        decision_record(query=query, annotator=owner, verdict="match", item=item, comment="=x\n'y")
    also = [Match(items[1], "same_character"), Match(items[4], "")]
    decision_record(
        query=queries[5], annotator=owner, verdict="match", item=items[2], relation="variant", also=also
    )
    decision_record(query=queries[6], annotator=owner, verdict="none", reason="damaged")
    decision_record(query=queries[7], annotator=owner, verdict="unsure")


def bring(curator, content, *, name="labels.csv", by_name_in=None) -> LabelImport:
    content = content if isinstance(content, bytes) else content.encode()
    made = import_add(user=curator, stream=io.BytesIO(content), name=name, by_name_in=by_name_in)
    return work(made)


def work(made: LabelImport) -> LabelImport:
    label_import.labels_import({"import": made.pk}, Told())
    made.refresh_from_db()
    return made


def applied(made: LabelImport, **how) -> LabelImport:
    import_apply(upload=made, **how)
    return work(made)


def standings(made: LabelImport) -> dict:
    return {name: count for name, count in standings_of(made).items() if count}


def forget():
    """As an installation that has the same pictures and blocks, and no answers yet."""
    from webapp.batches.models import Query
    from webapp.review.standings import query_recount

    Decision.objects.all().delete()
    for query in Query.objects.all():
        query_recount(query=query)


def content_of(export) -> bytes:
    export_write({"export": str(export.pk)}, Told())
    return export_path(export).read_bytes()


@pytest.mark.parametrize("format", ["csv", "excel", "jsonl", "label_studio"])
def test_what_a_snapshot_wrote_comes_back_in(labelled, queries, curator, format):
    before = factories.snapshot(curator)
    content = content_of(snapshot_export_request(snapshot=before, owner=curator, format=format))
    forget()
    made = bring(curator, content)
    assert (made.state, made.error) == ("read", "")
    assert standings(made) == {"new": 7}
    assert applied(made).written == 7
    assert factories.snapshot(curator).digest == before.digest
    assert not Decision.objects.exclude(annotator=curator).exists()


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_what_a_batch_wrote_comes_back_in(labelled, batch, queries, curator, owner, format):
    before = factories.snapshot(curator)
    content = content_of(export_request(batch=batch, owner=owner, format=format))
    forget()
    made = applied(bring(curator, content))
    assert (made.state, made.written, made.left) == ("applied", 8, 0)
    assert factories.snapshot(curator).digest == before.digest
    assert query_label(queries[7]).verdict == "unsure"
    assert query_label(queries[0]).comment == "=x\n'y"


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_blocks_of_one_name_come_back_in_by_their_digests(batch, queries, curator, owner, format):
    """In another installation a block may have another's number, and two may have one name."""
    twins = [factories.item(seed=n, name="twin.stl", character="字") for n in (31, 32, 33)]
    also = [Match(twins[2], ""), Match(factories.item(seed=34, name="a; b.stl"), "variant")]
    decision_record(query=queries[0], annotator=owner, verdict="match", item=twins[1], also=also)
    content = content_of(export_request(batch=batch, owner=owner, format=format)).decode()
    wrong = str(twins[0].pk)  # as if the blocks had come there in another order
    content = content.replace(f",{twins[1].pk},", f",{wrong},").replace(
        f'"item_id": {twins[1].pk},', f'"item_id": {wrong},'
    )
    assert f",{wrong}," in content or f'"item_id": {wrong},' in content
    forget()
    applied(bring(curator, content))
    label = query_label(queries[0])
    assert (label.item, [one.item for one in label.also.all()]) == (
        twins[1],
        [match.item for match in also],
    )


def test_provenance_is_kept(labelled, batch, queries, curator, owner):
    content = content_of(export_request(batch=batch, owner=owner, format="csv"))
    forget()
    made = applied(bring(curator, content, name="of-may.csv"))
    decision = query_label(queries[0])
    row = decision.import_row
    assert (row.upload, row.upload.name, row.said_by, decision.annotator) == (
        made,
        "of-may.csv",
        "owner",
        curator,
    )
    assert row.said.endswith("Z")
    snapshot = factories.snapshot(curator)
    export = snapshot_export_request(snapshot=snapshot, owner=curator, format="jsonl")
    told = [json.loads(line) for line in content_of(export).decode().splitlines()]
    brought = {"file": "of-may.csv", "sha256": made.sha256, "said_by": "owner", "said": row.said}
    (first,) = [one for one in told if one["query"] == queries[0].sha256]
    assert first["origin"]["decisions"][0]["imported"] == brought


def test_the_same_file_twice_says_nothing_new(labelled, batch, curator, owner):
    content = content_of(export_request(batch=batch, owner=owner, format="csv"))
    again = bring(curator, content)
    assert standings(again) == {"same": 8}
    count = Decision.objects.count()
    assert applied(again).written == 0
    assert Decision.objects.count() == count


def test_a_worker_that_died_goes_on_where_it_was(labelled, batch, curator, owner, monkeypatch):
    content = content_of(export_request(batch=batch, owner=owner, format="csv"))
    forget()
    made = bring(curator, content)
    monkeypatch.setattr("webapp.datasets.imports.AT_ONCE", 3)
    import_apply(upload=made)
    label_import.import_apply_part(upload=made)
    assert Decision.objects.count() == 3
    work(made)
    assert (made.state, made.written, Decision.objects.count()) == ("applied", 8, 8)
    import_undo(upload=made)
    label_import.import_undo_part(upload=made)
    work(made)
    assert (made.state, made.withdrawn, made.stay) == ("undone", 8, 0)


def table(queries, *rows) -> str:
    lines = [f"{queries[place].sha256},{word}" for place, word in rows]
    return "\r\n".join(["sha256,item", *lines, ""])


def test_contradictions_stay_unless_the_file_is_to_stand(labelled, queries, items, curator):
    text = table(queries, (0, items[1].name), (1, items[1].name))
    made = bring(curator, text)
    assert standings(made) == {"different": 1, "same": 1}
    assert applied(made).written == 0
    assert query_label(queries[0]).item == items[0]
    made = applied(bring(curator, text), replace=True)
    assert (made.written, query_label(queries[0]).item) == (1, items[1])


def test_what_was_answered_meanwhile_is_left(queries, items, curator, owner):
    made = bring(curator, table(queries, (0, items[1].name), (1, items[2].name)))
    decision_record(query=queries[0], annotator=owner, verdict="match", item=items[3])
    decision_record(query=queries[1], annotator=owner, verdict="match", item=items[2])
    applied(made)
    assert (made.written, made.left) == (0, 2)
    assert [row.word for row in made.rows.all()] == [
        "somebody answered it since the file was read",
        "the label here says so by now",
    ]


def test_all_of_it_is_taken_back_but_what_changed(queries, items, curator, owner):
    mine = decision_record(query=queries[2], annotator=curator, verdict="match", item=items[0], comment="my")
    made = bring(curator, table(queries, *((place, items[1].name) for place in range(4))))
    applied(made, replace=True)
    assert made.written == 4
    decision_record(query=queries[3], annotator=owner, verdict="none")
    import_undo(upload=made)
    work(made)
    assert (made.state, made.withdrawn, made.stay) == ("undone", 3, 1)
    assert query_label(queries[0]) is None
    said_again = query_label(queries[2])
    assert (said_again.item, said_again.comment, said_again.pk > mine.pk) == (items[0], "my", True)
    assert query_label(queries[3]).verdict == "none"
    with pytest.raises(Conflict):
        import_apply(upload=made)


def test_a_batch_of_others_and_a_settled_picture_are_told(queries, items, curator, owner, reviewer):
    from webapp.review.answers import Answer
    from webapp.review.rulings import ruling_settle

    decision_record(query=queries[0], annotator=owner, verdict="match", item=items[0])
    ruling_settle(query=queries[0], reviewer=reviewer, answer=Answer("match", items[0]), seen="")
    made = applied(bring(curator, table(queries, (0, items[1].name))), replace=True)
    assert (made.written, made.left) == (0, 1)
    assert made.rows.get().word == "a reviewer has settled this picture"


def test_blocks_are_named_in_many_ways(queries, items, curator):
    words = [
        items[0].sha256,
        items[1].name,
        "樂",  # the file's stem; the character itself is another one here
        "5",
    ]
    made = bring(curator, table(queries, *enumerate(words)))
    assert [row.item for row in made.rows.all()] == [items[0], items[1], items[1], items[4]]
    rows = [("U+845B U+E0100", 0), ("U+F914", 1), ("U+2010E", 2), ("U+F0001", 3)]
    lines = [f"{queries[place].sha256},{code}" for place, (code, _) in enumerate(rows)]
    made = bring(curator, "\n".join(["sha256,codepoint", *lines]))
    assert [row.item for row in made.rows.all()] == [items[place] for _, place in rows]
    made = bring(curator, f"sha256,item_id\n{queries[0].sha256},{items[3].pk}\n{queries[1].sha256},99999")
    assert [row.item for row in made.rows.all()] == [items[3], None]


def test_what_names_several_or_none_is_refused_by_name(queries, items, curator):
    factories.item(seed=77, name="b/樂.stl", character="𠄎")
    text = "\n".join(
        [
            "sha256,item,codepoint",
            f"{queries[0].sha256},樂.stl,",
            f"{queries[1].sha256},,U+2010E",
            f"{queries[2].sha256},nowhere.stl,",
            f"{queries[3].sha256},{'0' * 64},",
            f"{queries[4].sha256},5.stl,U+4E00",
            f"{queries[5].sha256},a/樂.stl,U+6A02",
            f"{queries[6].sha256},樂.stl,U+F914",
        ]
    )
    made = bring(curator, text)
    told = [(row.line, row.standing, row.word) for row in made.rows.all()]
    assert told == [
        (2, "no_block", "2 blocks are called 樂.stl"),
        (3, "no_block", "2 blocks are called 𠄎"),
        (4, "no_block", "no block is called nowhere.stl"),
        (5, "no_block", f"no block has the digest {'0' * 64}"),
        (6, "new", ""),  # nobody knows here what 5.stl shows
        (7, "no_block", "the block a/樂.stl shows U+F914 here, and U+6A02 in the file"),
        (8, "new", ""),
    ]


def test_pictures_without_a_hash_only_where_one_says_so(batch, queries, items, curator):
    text = f"name,item\n3.png,{items[0].name}\n+13/4.png,{items[1].name}\n9.png,5.stl\n"
    made = bring(curator, text)
    assert standings(made) == {"no_picture": 3}
    assert {row.word for row in made.rows.all()} == {"the file gives no hash of it"}
    made = bring(curator, text, by_name_in=batch)
    assert [row.query for row in made.rows.all()] == [queries[3], queries[4], None]


def test_a_picture_of_two_batches_is_told_apart_by_the_batch(queries, items, curator, owner):
    other = factories.query(factories.batch(owner, name="second"), seed=0, name="x.png")
    assert other.sha256 == queries[0].sha256
    text = f"sha256,batch,item\n{other.sha256},second,5.stl\n"
    assert [row.query for row in bring(curator, text).rows.all()] == [other]
    both = bring(curator, f"sha256,item\n{other.sha256},5.stl\n")
    assert {row.query for row in both.rows.all()} == {queries[0], other}


def test_every_bad_line_is_told(queries, items, curator):
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
        (3, "bad", "a match names no block"),
        (4, "bad", "perhaps is no verdict"),
        (5, "bad", "twin is no relation"),
        (6, "bad", "torn is no reason"),
        (7, "bad", "'U+D800' lies outside Unicode"),
        (8, "bad", "xyz is no SHA-256"),
        (9, "bad", "there are more cells than columns"),
        (10, "bad", "no picture is named"),
        (11, "new", ""),
    ]


def test_a_file_that_contradicts_itself_is_told(queries, items, curator):
    made = bring(curator, table(queries, (0, "5.stl"), (0, "5.stl"), (0, "-2.stl")))
    assert [(row.standing, row.word) for row in made.rows.all()] == [
        ("new", ""),
        ("same", "line 2 says the same of this picture"),
        ("bad", "line 2 says otherwise of this picture"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "empty", "the file is empty"),
        ("sha256,item\n字,x".encode("utf-16"), "bad_encoding", "the file is UTF-16, not UTF-8"),
        ("sha256,item\nx,字體\n".encode("gbk"), "bad_encoding", "line 2 is not UTF-8; it may be GBK"),
        (b"sha256,item\nab,\xff\xff\n", "bad_encoding", "line 2 is not UTF-8"),
        (b"sha256,item\nab\0,x\n", "bad_encoding", "line 2 holds a zero byte"),
        (b"name,colour\nx,red\n", "bad_labels", "line 1 does not name the columns"),
        (b"PK\x03\x04zip", "bad_labels", "the file is a zip"),
        (b"[1, 2", "bad_labels", "line 1: the JSON is damaged, or ends too early"),
        (b"[" * 100_000, "bad_labels", "line 1: the JSON is damaged"),
        (b'sha256,item\n"' + b"x" * 200_000 + b'",y\n', "bad_labels", "field larger than field limit"),
    ],
)
def test_what_is_no_table_of_labels_is_refused(curator, content, code, said):
    made = bring(curator, content)
    assert (made.state, made.error_code) == ("failed", code)
    assert said in made.error
    assert made.hint
    assert not made.rows.exists()


def test_too_many_lines_are_refused(queries, curator, monkeypatch):
    monkeypatch.setattr("webapp.datasets.imports_read.MOST_ROWS", 2)
    made = bring(curator, table(queries, *((n, "5.stl") for n in range(3))))
    assert (made.state, made.error_code) == ("failed", "too_many_labels")


def test_semicolons_and_a_mark_as_spreadsheets_save(queries, items, curator):
    text = f"\ufeffSHA256;Item\r\n{queries[0].sha256.upper()};'=1+1.stl\r\n"
    assert bring(curator, text).rows.get().item == items[0]
    plain = f"sha256,item\n{queries[0].sha256},''@x.stl\n{queries[1].sha256},'@x.stl\n"
    assert [row.item for row in bring(curator, plain).rows.all()] == [None, items[3]]


def test_json_lines_that_are_none_are_told(queries, items, curator):
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


def test_only_curators_see_it(queries, curator, owner):
    made = bring(curator, table(queries, (0, "x")))
    assert list(imports_for(curator)) == [made]
    assert list(imports_for(owner)) == []
    assert list(rows_of_import(made, standing="no_block")) == list(made.rows.all())


def test_one_that_was_given_up_says_so_and_can_be_gone_on_with(queries, items, curator):
    from workers.tasks import given_up

    words = {"code": "worker_lost", "error": "the worker was lost", "hint": "try again"}
    unread = import_add(user=curator, stream=io.BytesIO(b"x"), name="x.csv")
    given_up.label_import({"import": unread.pk}, **words)
    unread.refresh_from_db()
    assert (unread.state, unread.error) == ("failed", "the worker was lost")
    made = bring(curator, table(queries, (0, "5.stl")))
    import_apply(upload=made)
    given_up.label_import({"import": made.pk}, **words)
    made.refresh_from_db()
    assert (made.state, made.error_code) == ("applying", "worker_lost")
    assert applied(made).written == 1
    assert (made.state, made.error) == ("applied", "")
