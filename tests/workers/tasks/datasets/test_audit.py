"""Audits: what was planted is found, nothing is changed, and what people make of it is followed."""

import numpy as np
import pytest

from tests import factories
from webapp.core.errors import Conflict
from webapp.core.files.blobs import blob_path
from webapp.datasets.audits.selectors import audit_progress, audits_for, rows_found
from webapp.datasets.audits.services import audit_follow, audit_request
from webapp.datasets.models import Audit, AuditRow
from webapp.datasets.snapshots.services import snapshot_request
from webapp.gallery.models import ItemVector
from webapp.jobs.leases import job_claim
from webapp.jobs.models import Job
from webapp.review.adjudication.rulings import ruling_approve, state_of
from webapp.review.answering.services import decision_withdraw
from webapp.review.cards.context import with_card_rows
from webapp.review.models import Decision
from workers.live.cache import live
from workers.runtime.runner import run_lease
from workers.tasks.datasets.labels_audit import JOB, labels_audit

pytestmark = pytest.mark.django_db
CHARACTERS = [chr(0x4E00 + n) for n in range(20)]
RANDOM = np.random.default_rng(5)


def unit(*shape):
    vectors = RANDOM.normal(size=shape)
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype("<f4")


def near(vector, far=0.35):
    moved = vector + far * unit(len(vector))
    return (moved / np.linalg.norm(moved)).astype("<f4")


@pytest.fixture
def width(release):
    return release.model.width


@pytest.fixture
def gallery(release, width):
    """A block for each of twenty characters, and their vectors."""
    vectors = unit(len(CHARACTERS), width)
    items = [factories.item(seed=n, character=c, name=f"{n}.stl") for n, c in enumerate(CHARACTERS)]
    for item, vector in zip(items, vectors, strict=True):
        ItemVector.objects.create(item=item, model=release.model, mirrored=True, vector=vector.tobytes())
    return items, vectors


@pytest.fixture
def batch(owner):
    return factories.batch(owner)


def query(batch, release, vector, **values):
    made = factories.query(batch, **values)
    made.vector, made.vector_model = vector.astype("<f4").tobytes(), release.model
    made.save()
    return made


def answer(query, who, item=None, **values):
    verdict = "match" if item else "none"
    return factories.answer(query=query, annotator=who, verdict=verdict, item=item, **values)


@pytest.fixture
def audited(curator):
    """``audited(batch=...)``: the audit, as a worker makes it."""

    def made(**of):
        audit = audit_request(user=curator, **of)
        run_lease(job_claim(Job.objects.get(subject=f"audit:{audit.pk}").pk))
        audit.refresh_from_db()
        assert audit.state == Audit.State.READY, audit.error
        return audit

    return made


def test_planted_labels_come_first(batch, release, gallery, owner, audited):
    """Two hundred labels, one in twenty another's: all of those are in the first tenth."""
    items, vectors = gallery
    planted = set(RANDOM.permutation(200)[:10].tolist())
    wrong = {}
    for n in range(200):
        shown = n % 20
        said = (shown + 7) % 20 if n in planted else shown
        made = query(batch, release, near(vectors[shown]), seed=n)
        decision = factories.decision(made, owner, item=items[said])
        if n in planted:
            wrong[made.pk] = (items[shown].pk, decision.pk)
    count = Decision.objects.count()
    audit = audited(batch=batch)
    rows = list(rows_found(audit)[:20])
    assert {row.query_id for row in rows} >= set(wrong)
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        if row.query_id in wrong:
            assert (row.suggested_id, row.decision_id) == wrong[row.query_id]
            assert (row.kind, row.doubt > 0.7) == ("character", True)
    assert (audit.labels, audit.left_out, audit.model) == (200, 0, release.model)
    assert 8 <= audit.wrong <= 20
    assert Decision.objects.count() == count


def test_none_where_a_block_fits(batch, release, gallery, owner, audited):
    items, vectors = gallery
    fits = query(batch, release, near(vectors[3], 0.05), seed=1)
    strange = query(batch, release, unit(release.model.width), seed=2)
    for one in (fits, strange):
        factories.decision(one, owner, verdict="none", reason="not_in_gallery")
    rows = list(rows_found(audited(batch=batch), kind="none"))
    sure = {row.query_id: row for row in rows}
    assert fits.pk in sure
    assert sure[fits.pk].suggested == items[3]
    if strange.pk in sure:  # the network's confidence is not calibrated here
        assert sure[fits.pk].doubt >= sure[strange.pk].doubt


def test_another_block_of_the_character(batch, release, gallery, owner, audited):
    items, vectors = gallery
    twin = factories.item(seed=90, character=CHARACTERS[0], name="twin.stl")
    away = near(vectors[0], 1.0)
    ItemVector.objects.create(item=twin, model=release.model, mirrored=True, vector=away.tobytes())
    very = query(batch, release, away, seed=1)
    only = query(batch, release, away, seed=2)
    factories.decision(very, owner, item=items[0], relation="same_carving")
    factories.decision(only, owner, item=items[0], relation="same_character")
    (row,) = rows_found(audited(batch=batch))
    assert (row.query, row.kind, row.suggested) == (very, "block", twin)


def test_contradictions_name_each_other(batch, release, gallery, owner, audited):
    items, vectors = gallery
    middle = vectors[1] + vectors[2]
    middle /= np.linalg.norm(middle)
    pair = [query(batch, release, near(middle, 0.02), seed=n) for n in (1, 2)]
    for one, item in zip(pair, items[1:3], strict=True):
        factories.decision(one, owner, item=item)
    rows = {row.query_id: row for row in rows_found(audited(batch=batch))}
    assert [rows[one.pk].other for one in pair] == pair[::-1]


def test_the_same_said_twice_is_no_contradiction(batch, release, gallery, owner, audited):
    items, vectors = gallery
    for n in (1, 2):
        factories.decision(query(batch, release, near(vectors[1], 0.01), seed=n), owner, item=items[1])
    assert not rows_found(audited(batch=batch)).exists()


def test_an_empty_batch_and_an_empty_gallery(batch, release, owner, audited):
    audit = audited(batch=batch)
    assert (audit.labels, audit.wrong, audit.rows.count()) == (0, 0, 0)
    factories.decision(query(batch, release, unit(release.model.width), seed=1), owner, verdict="none")
    assert audited(batch=batch).labels == 1


def test_pictures_of_another_model_are_embedded_anew_and_gone_ones_counted(
    batch, release, gallery, owner, audited
):
    items, _ = gallery
    here, gone = factories.query(batch, seed=1), factories.query(batch, seed=2)
    for one in (here, gone):
        factories.decision(one, owner, item=items[0])
    blob_path(gone.sha256).unlink()
    audit = audited(batch=batch)
    assert (audit.labels, audit.left_out) == (1, 1)
    here.refresh_from_db()
    assert here.vector is None


def test_people_are_followed(batch, release, gallery, owner, curator, audited):
    items, vectors = gallery
    rows = [query(batch, release, near(vectors[n], 0.1), seed=n) for n in range(4)]
    for one in rows:
        answer(one, owner, items[10])
    audit = audited(batch=batch)
    assert audit_progress(audit).total == 4
    answer(rows[0], curator, items[10])
    answer(rows[1], curator, items[1])
    decision_withdraw(query=rows[2], annotator=owner)
    factories.answer(query=rows[3], annotator=curator, verdict="skip")
    audit_follow(audit=audit)
    states = dict(audit.rows.values_list("query", "state"))
    assert [states[one.pk] for one in rows] == ["kept", "changed", "changed", "open"]
    result = audit_progress(audit)
    assert (result.seen, result.kept, result.first_seen, result.first_changed) == (3, 1, 3, 2)
    answer(rows[1], curator, items[10])
    audit_follow(audit=audit)
    assert audit.rows.get(query=rows[1]).state == "kept"
    assert list(rows_found(audit, state="open")) == list(audit.rows.filter(query=rows[3]))


def test_a_ruling_is_a_look_too(batch, release, gallery, owner, reviewer, audited):
    items, vectors = gallery
    made = query(batch, release, near(vectors[0], 0.1), seed=0)
    answer(made, owner, items[5])
    audit = audited(batch=batch)
    found = with_card_rows(batch.queries.filter(pk=made.pk)).get()
    ruling_approve(query=made, reviewer=reviewer, seen=state_of(found).token)
    audit_follow(audit=audit)
    assert audit.rows.get().state == AuditRow.State.KEPT


def test_of_a_snapshot_as_it_was(batch, release, gallery, owner, curator, audited):
    items, vectors = gallery
    rows = [query(batch, release, near(vectors[n], 0.1), seed=n) for n in range(2)]
    for one in rows:
        answer(one, owner, items[10])
    snapshot = factories.snapshot(curator)
    answer(rows[0], owner, items[0])
    audit = audited(snapshot=snapshot)
    assert dict(audit.rows.values_list("query", "state")) == {rows[0].pk: "changed", rows[1].pk: "open"}


def test_twice_asked_is_once_done(batch, release, curator, do):
    audit = audit_request(user=curator, batch=batch)
    assert audit_request(user=curator, batch=batch) == audit
    do(labels_audit, {"audit": audit.pk})
    made = Audit.objects.get().made
    do(labels_audit, {"audit": audit.pk})
    assert Audit.objects.get().made == made
    do(labels_audit, {"audit": 0})


def test_a_snapshot_that_is_not_frozen_is_refused(curator):
    with pytest.raises(Conflict):
        audit_request(user=curator, snapshot=snapshot_request(user=curator))


def test_one_that_was_given_up_says_so(batch, curator):
    audit = audit_request(user=curator, batch=batch)
    JOB.on_give_up({"audit": audit.pk}, code="x", error="the worker was lost", hint="ask again")
    audit.refresh_from_db()
    assert (audit.state, audit.error, audit.hint) == ("failed", "the worker was lost", "ask again")


def test_only_curators_see_them(batch, release, owner, curator, audited):
    audit = audited(batch=batch)
    assert list(audits_for(curator)) == [audit]
    assert list(audits_for(owner)) == []
    assert live().release == release
