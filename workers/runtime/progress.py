"""What a task sees of the job that it does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from webapp.jobs.leases import JobLease, LeaseLost, job_heartbeat


class JobProgress:
    """A task's view of its job: reports how far it is, and writes only while the job is its own.

    attempt: 1 for the first try.
    """

    def __init__(self, lease: JobLease) -> None:
        self._lease = lease
        self._lost = threading.Event()
        self.attempt = lease.attempt
        self.noted: dict[str, int] = {}

    def check(self) -> None:
        """Stop here if the lease was lost meanwhile. Costs nothing. Raises LeaseLost."""
        if self._lost.is_set():
            raise LeaseLost(f"job {self._lease.job_id} is no longer this worker's")

    def report(self, done: int, total: int) -> None:
        """Write down that ``done`` of ``total`` are done.

        Raises:
            LeaseLost: another worker has the job now; the task must stop.
        """
        self.check()
        job_heartbeat(self._lease, done=done, total=total)

    def note(self, done: int, total: int) -> None:
        """As ``report``, but written at the job's next sign of life, by another connection.

        For whoever reads the database as it was at one moment, and may not write meanwhile.
        """
        self.check()
        self.noted = {"done": done, "total": total}

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction in which the job is certainly this worker's: nobody can take it until the commit.

        Raises:
            LeaseLost: another worker has the job now; nothing was written.
        """
        self.check()
        with transaction.atomic():
            job_heartbeat(self._lease)  # locks the job's row until the end of the transaction
            yield

    def lost(self) -> None:
        """Remember that the lease is gone, so that the task stops at its next report."""
        self._lost.set()
