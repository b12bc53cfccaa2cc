"""A pool of processes that do waiting jobs for a command, whether or not workers are running."""

import logging
import multiprocessing
import os
import signal
import time
from multiprocessing.synchronize import Event
from types import TracebackType

from webapp.jobs.kinds import JobKind
from workers.runtime.threads import one_thread_each

# Nothing heavy may be imported above: each process imports it for itself, after its threads were limited.
logger = logging.getLogger(__name__)

_NOTHING_TO_DO_SECONDS = 0.2
_STOP_SECONDS = 60.0


class ProcessPool:
    """So many processes, each doing jobs of some kinds until the pool is closed.

    They are started anew rather than forked: a forked one would hang in torch or in the graphics library.
    With a size of 0, ``maintain`` does the jobs in this process.
    """

    def __init__(self, kinds: list[JobKind], size: int) -> None:
        self._kinds, self._size = kinds, size
        self._spawn = multiprocessing.get_context("spawn")
        self._stop = self._spawn.Event()
        self._processes: list[multiprocessing.process.BaseProcess] = []

    def __enter__(self) -> "ProcessPool":
        one_thread_each()
        self._processes = [self._start() for _ in range(self._size)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        over = time.monotonic() + _STOP_SECONDS
        for process in self._processes:
            process.join(max(0.1, over - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()

    def maintain(self) -> None:
        """Replace processes that died, and give up jobs that killed theirs too often."""
        # Only here: they load Django's models and torch, as said at the top.
        from webapp.jobs.housekeeping import jobs_give_up
        from workers.runtime.runner import give_up

        if not self._size:
            while _do_one(self._kinds):
                pass
        for i, process in enumerate(self._processes):
            if not process.is_alive():
                logger.warning("a process ended with %s; another one takes its place", process.exitcode)
                self._processes[i] = self._start()
        jobs_give_up(on_give_up=give_up)

    def pids(self) -> list[int]:
        """The processes at work."""
        return [process.pid for process in self._processes if process.pid]

    def _start(self) -> multiprocessing.process.BaseProcess:
        process = self._spawn.Process(target=_work, args=(self._kinds, self._stop, os.getpid()), daemon=True)
        process.start()
        return process


def _work(kinds: list[JobKind], stop: Event, parent: int) -> None:
    """What each process does."""
    one_thread_each()
    # Ctrl-C reaches the whole terminal; the parent is the one to say when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only here: after the threads were limited.
    import django

    django.setup()
    while not stop.is_set() and os.getppid() == parent:
        if not _do_one(kinds):
            stop.wait(_NOTHING_TO_DO_SECONDS)


def _do_one(kinds: list[JobKind]) -> bool:
    # Only here: once Django is set up.
    from webapp.jobs.leases import job_claim_next
    from workers.runtime.runner import run_lease

    lease = job_claim_next(kinds)
    if lease is not None:
        run_lease(lease)
    return lease is not None
