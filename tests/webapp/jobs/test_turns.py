"""Queues share fairly: nobody's small batch waits for another's long import, nor an export for one's own."""

from collections import deque
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories, people
from webapp.batches.services import batch_close
from webapp.datasets.exports.services import EXPORT_WRITE
from webapp.datasets.models import Export, Snapshot
from webapp.gallery.services import import_close
from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import job_claim, job_claim_in_turn, job_finish, job_retry, job_split
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue, jobs_enqueue
from webapp.jobs.turns import jobs_before
from webapp.training.models import Evaluation

pytestmark = pytest.mark.django_db
WORK = JobKind("queries.match", "batch")


def enqueue(owner, subject, count=1, kind=WORK):
    owner = owner and owner.pk
    return jobs_enqueue(kind=kind, payloads=[{}] * count, queue="batch", owner=owner, subject=subject)


def done_next(count=1):
    """Do so many jobs of the batch queue; what each was for. A message names any of them."""
    done = []
    for _ in range(count):
        lease = job_claim_in_turn(Job.objects.filter(queue="batch").latest("created").pk)
        if lease:
            job_finish(lease)
            done.append(lease.subject)
    return done


def test_a_long_import_and_another_s_small_batch(owner, curator):
    upload = factories.upload(curator)
    for n in range(20 * 16):
        factories.item(state="waiting", into=upload, name=f"{n}.stl")
    import_close(upload=upload)
    done_next(4)
    batch = factories.batch(owner)
    for n in range(40):
        factories.query(batch, state="waiting", name=f"{n}.png")
    batch_close(batch=batch)
    assert Job.objects.filter(state="queued", subject=f"import:{upload.pk}").count() == 16
    small = Job.objects.filter(subject=f"batch:{batch.pk}").count()
    assert small > 1
    assert jobs_before(f"batch:{batch.pk}") <= 1
    assert done_next(2 * small).count(f"batch:{batch.pk}") == small
    assert len(done_next(99)) == 16 - small


def test_an_export_and_an_evaluation_wait_for_one_round_of_one_s_own_import(curator):
    enqueue(curator, "import:1", 100)
    done_next(10)
    enqueue(curator, "export:1", kind=EXPORT_WRITE)
    enqueue(curator, "evaluation:1")
    assert (jobs_before("export:1"), jobs_before("evaluation:1")) == (2, 4)
    assert {"export:1", "evaluation:1"} <= set(done_next(6))


def test_many_requests_of_one_person_push_nobody_back(owner, curator):
    for n in range(50):
        enqueue(curator, f"export:{n}")
    enqueue(owner, "batch:1", 3)
    assert jobs_before("batch:1") == 1
    assert done_next(6).count("batch:1") == 3


def test_work_of_the_installation_takes_turns_with_people_s(owner):
    enqueue(None, "items", 50)
    enqueue(owner, "batch:1", 2)
    assert done_next(4).count("batch:1") == 2


def test_within_a_line_the_older_comes_first(owner):
    jobs = [job_enqueue(kind=WORK, payload={"n": n}, owner=owner.pk, subject="batch:1") for n in range(4)]
    claimed = [job_claim_in_turn(jobs[-1].pk).payload["n"] for _ in jobs]
    assert claimed == [0, 1, 2, 3]
    assert job_claim_in_turn(jobs[0].pk) is None
    assert job_claim_in_turn("00000000-0000-0000-0000-000000000000") is None


def test_who_comes_back_gets_no_turns_for_the_time_away(owner, curator):
    enqueue(owner, "batch:1", 2)
    enqueue(curator, "import:1", 30)
    done_next(20)
    enqueue(owner, "batch:2", 8)
    done = done_next(8)
    assert 3 <= done.count("batch:2") <= 5


def test_other_queues_have_turns_of_their_own(owner):
    enqueue(owner, "batch:1", 30)
    quick = job_enqueue(kind=WORK, payload={}, queue="interactive", owner=owner.pk, subject="batch:1")
    assert quick.turn == 1
    assert job_claim_in_turn(quick.pk).job_id == quick.pk


def test_what_is_split_or_tried_again_keeps_its_turn(owner, curator):
    first, *_ = enqueue(owner, "batch:1", 3)
    enqueue(curator, "import:1", 30)
    job_split(job_claim(first.pk), payloads=[{"n": 1}, {"n": 2}])
    assert {job.turn for job in Job.objects.filter(owner=owner, payload__n__gt=0)} == {first.turn}
    lease = job_claim_in_turn(first.pk)
    job_retry(lease, code="x", error="x", wait_seconds=60)
    assert Job.objects.get(pk=lease.job_id).turn == lease.turn
    assert job_claim_in_turn(first.pk).job_id != lease.job_id  # it waits, the others do not


class TestPlace:
    def test_it_counts_what_waits_before(self, owner, curator):
        enqueue(curator, "import:1", 5)
        enqueue(owner, "batch:1", 2)
        assert (jobs_before("import:1"), jobs_before("batch:1")) == (0, 1)
        job_claim(Job.objects.get(turn=1, owner=curator.pk).pk)
        assert (jobs_before("import:1"), jobs_before("batch:1")) == (None, 0)

    def test_what_is_not_due_yet_stands_before_nobody(self, owner):
        job_enqueue(kind=WORK, payload={}, not_before=timezone.now() + timedelta(hours=1))
        enqueue(owner, "batch:1")
        assert jobs_before("batch:1") == 0

    def test_nothing_waits(self):
        assert jobs_before("batch:1") is None


def test_the_slow_twin_hands_out_the_same_shares():
    """A queue of lines gone round by hand: whoever always has work gets as many jobs as any other."""
    persons = [people.person(f"p{n}") for n in range(4)]
    lines = [deque([f"batch:{n}"] * size) for n, size in enumerate((3, 40, 7, 15))]
    for line, owner in zip(lines, persons, strict=True):
        enqueue(owner, line[0], len(line))
    by_hand = []
    while any(lines):
        by_hand += [line.popleft() for line in lines if line]
    done = done_next(65)
    for place in range(0, 65, 5):
        for subject in {*by_hand}:
            assert abs(done[:place].count(subject) - by_hand[:place].count(subject)) <= 1


class TestShown:
    """Pages and the API show the place, for as long as nothing of it has begun."""

    @pytest.fixture
    def before(self, curator):
        enqueue(curator, "other:1", 3)
        return people.person("another").pk

    def wait(self, owner, subject):
        job_enqueue(kind=WORK, payload={}, queue="batch", owner=owner, subject=subject)

    @pytest.fixture
    def waiting(self, curator, before):
        """An address of a page, and one of the API, for each thing that waits."""
        batch = factories.batch(curator)
        factories.query(batch, state="waiting")
        upload = factories.upload(curator)
        factories.item(state="waiting", into=upload)
        export = Export.objects.create(batch=batch, owner=curator, format="csv")
        live, candidate = factories.release().model, factories.candidate()
        snapshot = Snapshot.objects.create(number=7, created_by=curator)
        evaluation = Evaluation.objects.create(
            candidate=candidate, live=live, snapshot=snapshot, created_by=curator
        )
        addresses = {
            f"batch:{batch.pk}": (f"/batches/{batch.pk}/", f"/api/v1/batches/{batch.pk}/"),
            f"import:{upload.pk}": (f"/gallery/imports/{upload.pk}/", f"/api/v1/imports/{upload.pk}/"),
            f"export:{export.pk}": (f"/batches/{batch.pk}/exports/", f"/api/v1/exports/{export.pk}/"),
            f"evaluation:{evaluation.pk}": (
                f"/models/evaluations/{evaluation.pk}/",
                f"/api/v1/evaluations/{evaluation.pk}/",
            ),
            "snapshot:7": ("/snapshots/7/", None),
        }
        for subject in addresses:
            self.wait(before, subject)
        return addresses

    def test_the_place_in_the_queue(self, waiting, curator, browse, api):
        for subject, (page, address) in waiting.items():
            expected = jobs_before(subject)
            assert expected
            text = browse(curator).get(page).content.decode()
            assert f'data-testid="queue-place" data-before="{expected}"' in text, subject
            if address:
                assert api(curator).get(address).json()["jobs_before"] == expected
            Job.objects.filter(subject=subject).update(state="running")
            now = browse(curator).get(page).content.decode()
            assert now.count('data-testid="queue-place"') == text.count('data-testid="queue-place"') - 1
            if address:
                assert api(curator).get(address).json()["jobs_before"] is None
