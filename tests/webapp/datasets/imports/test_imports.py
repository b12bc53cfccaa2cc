"""Labels that left come back in: exactly, once, reversibly; what else a file may hold is reported."""

import io
import json

import pytest

from tests import factories
from tests.webapp.datasets.imports.importing import (
    applied,
    bring,
    content_of,
    forget,
    standings,
    table,
    work,
)
from webapp.core.errors import Conflict
from webapp.datasets.exports.services import export_request, snapshot_export_request
from webapp.datasets.imports.selectors import imports_for, rows_of_import
from webapp.datasets.imports.services import import_add, import_apply, import_undo
from webapp.review.adjudication.rulings import ruling_settle
from webapp.review.answer import Answer, Match
from webapp.review.consensus.labels import query_label
from webapp.review.models import Decision
from workers.tasks.datasets import labels_import

pytestmark = pytest.mark.django_db


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
    factories.answer(query=queries[0], annotator=owner, verdict="match", item=twins[1], also=also)
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
    result = [json.loads(line) for line in content_of(export).decode().splitlines()]
    brought = {"file": "of-may.csv", "sha256": made.sha256, "said_by": "owner", "said": row.said}
    (first,) = [one for one in result if one["sha256"] == queries[0].sha256]
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
    monkeypatch.setattr("webapp.datasets.imports.services.AT_ONCE", 3)
    import_apply(upload=made)
    labels_import.import_apply_part(upload=made)
    assert Decision.objects.count() == 3
    work(made)
    assert (made.state, made.written, Decision.objects.count()) == ("applied", 8, 8)
    import_undo(upload=made)
    labels_import.import_undo_part(upload=made)
    work(made)
    assert (made.state, made.withdrawn, made.stay) == ("undone", 8, 0)


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
    factories.answer(query=queries[0], annotator=owner, verdict="match", item=items[3])
    factories.answer(query=queries[1], annotator=owner, verdict="match", item=items[2])
    applied(made)
    assert (made.written, made.left) == (0, 2)
    assert [row.word for row in made.rows.all()] == [
        "somebody has answered it since the file was read",
        "the label here is the same by now",
    ]


def test_all_of_it_is_taken_back_but_what_changed(queries, items, curator, owner):
    mine = factories.answer(query=queries[2], annotator=curator, verdict="match", item=items[0], comment="my")
    made = bring(curator, table(queries, *((place, items[1].name) for place in range(4))))
    applied(made, replace=True)
    assert made.written == 4
    factories.answer(query=queries[3], annotator=owner, verdict="none")
    import_undo(upload=made)
    work(made)
    assert (made.state, made.withdrawn, made.stay) == ("undone", 3, 1)
    assert query_label(queries[0]) is None
    said_again = query_label(queries[2])
    assert (said_again.item, said_again.comment, said_again.pk > mine.pk) == (items[0], "my", True)
    assert query_label(queries[3]).verdict == "none"
    with pytest.raises(Conflict):
        import_apply(upload=made)


def test_a_batch_of_others_and_a_settled_picture_are_reported(queries, items, curator, owner, reviewer):
    factories.answer(query=queries[0], annotator=owner, verdict="match", item=items[0])
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
    result = [(row.line, row.standing, row.word) for row in made.rows.all()]
    assert result == [
        (2, "no_block", "2 blocks have the name 樂.stl"),
        (3, "no_block", "2 blocks have the name 𠄎"),
        (4, "no_block", "no block has the name nowhere.stl"),
        (5, "no_block", f"no block has the digest {'0' * 64}"),
        (6, "new", ""),  # nobody knows here what 5.stl shows
        (7, "no_block", "the block a/樂.stl is U+F914 here and U+6A02 in the file"),
        (8, "new", ""),
    ]


def test_pictures_without_a_hash_only_where_one_says_so(batch, queries, items, curator):
    text = f"name,item\n3.png,{items[0].name}\n+13/4.png,{items[1].name}\n9.png,5.stl\n"
    made = bring(curator, text)
    assert standings(made) == {"no_picture": 3}
    assert {row.word for row in made.rows.all()} == {"the file has no hash for it"}
    made = bring(curator, text, by_name_in=batch)
    assert [row.query for row in made.rows.all()] == [queries[3], queries[4], None]


def test_a_picture_of_two_batches_is_reported_apart_by_the_batch(queries, items, curator, owner):
    other = factories.query(factories.batch(owner, name="second"), seed=0, name="x.png")
    assert other.sha256 == queries[0].sha256
    text = f"sha256,batch,item\n{other.sha256},second,5.stl\n"
    assert [row.query for row in bring(curator, text).rows.all()] == [other]
    both = bring(curator, f"sha256,item\n{other.sha256},5.stl\n")
    assert {row.query for row in both.rows.all()} == {queries[0], other}


def test_only_curators_see_it(queries, curator, owner):
    made = bring(curator, table(queries, (0, "x")))
    assert list(imports_for(curator)) == [made]
    assert list(imports_for(owner)) == []
    assert list(rows_of_import(made, standing="no_block")) == list(made.rows.all())


def test_one_that_was_given_up_says_so_and_can_be_gone_on_with(queries, items, curator):
    words = {"code": "worker_lost", "error": "the worker was lost", "hint": "try again"}
    unread = import_add(user=curator, stream=io.BytesIO(b"x"), name="x.csv")
    labels_import.JOB.on_give_up({"import": unread.pk}, **words)
    unread.refresh_from_db()
    assert (unread.state, unread.error) == ("failed", "the worker was lost")
    made = bring(curator, table(queries, (0, "5.stl")))
    import_apply(upload=made)
    labels_import.JOB.on_give_up({"import": made.pk}, **words)
    made.refresh_from_db()
    assert (made.state, made.error_code) == ("applying", "worker_lost")
    assert applied(made).written == 1
    assert (made.state, made.error) == ("applied", "")
