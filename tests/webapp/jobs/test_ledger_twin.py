"""The ledger against a slow twin: any order of claims, losses, retries and sweeps leaves both the same."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from webapp.jobs import housekeeping, leases, services
from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job

MODULES = (housekeeping, leases, services)
NOTIFY_AGAIN = 30


@dataclass
class Twin:
    """What the ledger should say of one job, kept in plain words."""

    state: str = "queued"
    attempts: int = 0
    holder: object = None
    lease_ends: float = 0
    due: float = 0
    notified: float | None = 0
    tokens: list = field(default_factory=list)

    def is_silent(self, now):
        return self.state == "running" and self.lease_ends < now

    def is_free(self, now):
        return self.is_silent(now) or (self.state == "queued" and self.due <= now)


class Ledger(RuleBasedStateMachine):
    jobs = Bundle("jobs")
    leases = Bundle("leases")

    def __init__(self):
        super().__init__()
        Job.objects.all().delete()
        self.now = 0.0
        self.twins = {}
        self.messages = []
        for module in MODULES:
            module.timezone = SimpleNamespace(now=self.clock)
        services.notify_worker = lambda job_id, queue: self.messages.append(job_id)

    def clock(self):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.now)

    @rule(target=jobs)
    def enqueue(self):
        job = services.job_enqueue(kind=JobKind("k", "batch"), payload={})
        self.twins[job.pk] = Twin(notified=self.now)
        return job.pk

    @rule(seconds=st.sampled_from([1, 20, 45, 90]))
    def time_passes(self, seconds):
        self.now += seconds

    @rule(target=leases, pk=jobs)
    def claim(self, pk):
        lease, twin = leases.job_claim(pk), self.twins[pk]
        assert (lease is not None) == twin.is_free(self.now)
        if lease is None:
            return multiple()
        twin.state, twin.attempts, twin.holder = "running", twin.attempts + 1, lease.token
        twin.lease_ends = self.now + django_settings.ENV.lease_seconds
        return lease

    @rule(lease=leases)
    def heartbeat(self, lease):
        if self.writes(lease, leases.job_heartbeat):
            self.twins[lease.job_id].lease_ends = self.now + django_settings.ENV.lease_seconds

    @rule(lease=leases)
    def finish(self, lease):
        if self.writes(lease, leases.job_finish):
            self.twins[lease.job_id].state = "done"

    @rule(lease=consumes(leases))
    def fail(self, lease):
        if self.writes(lease, leases.job_fail, code="c", error="e"):
            self.twins[lease.job_id].state = "failed"

    @rule(lease=leases, wait=st.sampled_from([0, 10, 100]))
    def retry(self, lease, wait):
        if self.writes(lease, leases.job_retry, code="c", error="e", wait_seconds=wait):
            twin = self.twins[lease.job_id]
            twin.state, twin.due, twin.notified = "queued", self.now + wait, None

    def writes(self, lease, write, **values):
        twin = self.twins[lease.job_id]
        holds = twin.state == "running" and twin.holder == lease.token
        try:
            write(lease, **values)
        except leases.LeaseLost:
            assert not holds
            return False
        assert holds
        return True

    @rule()
    def sweep(self):
        self.messages.clear()
        housekeeping.jobs_notify_again()
        expected = set()
        for pk, twin in self.twins.items():
            if twin.is_silent(self.now) and twin.attempts >= leases.MAX_ATTEMPTS:
                twin.state = "failed"
            unheard = twin.notified is None or twin.notified < self.now - NOTIFY_AGAIN
            if twin.is_silent(self.now) or (twin.state == "queued" and twin.due <= self.now and unheard):
                twin.notified = self.now
                expected.add(str(pk))
        assert sorted(self.messages) == sorted(expected)

    @invariant()
    def both_say_the_same(self):
        values = {
            pk: (state, tries) for pk, state, tries in Job.objects.values_list("pk", "state", "attempts")
        }
        assert values == {pk: (twin.state, twin.attempts) for pk, twin in self.twins.items()}


@pytest.mark.django_db
def test_the_ledger_and_its_twin_agree(monkeypatch):
    for module in MODULES:  # put back after the machine replaced it
        monkeypatch.setattr(module, "timezone", module.timezone)
    monkeypatch.setattr(services, "notify_worker", services.notify_worker)
    examples = 100 if connection.vendor == "sqlite" else 25  # the rules are the same, locks are not
    run_state_machine_as_test(
        Ledger, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None, database=None)
    )
