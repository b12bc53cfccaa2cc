"""Runs one job: take it, keep its lease alive, do it, then finish it, try again or give it up."""

import errno
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction
from django.utils.module_loading import import_string

from webapp.core.errors import DiskFull, StoreTrouble
from webapp.jobs import kinds
from webapp.jobs.models import Job
from webapp.jobs.services import (
    MAX_ATTEMPTS,
    Lease,
    LeaseLost,
    job_claim,
    job_fail,
    job_finish,
    job_heartbeat,
    job_release,
    job_retry,
    job_split,
)
from workers.errors import NoRelease

logger = logging.getLogger(__name__)

# From this attempt on, a job of several members is done one by one: one of them may be what ends the worker.
_SPLIT_FROM = 3
_LONGEST_WAIT = 300.0
_PATIENT_WAIT = 20.0
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE, errno.ENFILE}


class Progress:
    """A handler's view of its job: says how far it is, and writes only while the job is its own.

    attempt: 1 for the first try.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._lost = threading.Event()
        self.attempt = lease.attempt
        self.noted: dict[str, int] = {}

    def check(self) -> None:
        """Stop here if the lease is known to be gone. Costs nothing. Raises LeaseLost."""
        if self._lost.is_set():
            raise LeaseLost(f"job {self._lease.job_id} is no longer this worker's")

    def report(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` are done.

        Raises:
            LeaseLost: another worker holds the job now; the handler must stop.
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
            LeaseLost: another worker holds the job now; nothing was written.
        """
        self.check()
        with transaction.atomic():
            job_heartbeat(self._lease)  # locks the job's row until the end of the transaction
            yield

    def lost(self) -> None:
        """Remember that the lease is gone, so that the handler stops at its next report."""
        self._lost.set()


@dataclass(frozen=True)
class Handler:
    """What does a kind of job.

    run: dotted name of ``(payload, progress)``; by name, so that nobody loads torch to write a file.
    given_up: dotted name of ``(payload, code=, error=, hint=)``, told when the job is given up.
    members: the payload's key of the list of things to do; empty for a job that cannot be divided.
    """

    run: str
    given_up: str = ""
    members: str = ""


HANDLERS = {
    kinds.ITEMS_PREPARE: Handler(
        "workers.tasks.prepare.items_prepare", "workers.tasks.given_up.items", members="items"
    ),
    kinds.IMPORT_UNPACK: Handler(
        "workers.tasks.unpack.import_unpack", "workers.tasks.given_up.import_archive"
    ),
    kinds.QUERIES_MATCH: Handler(
        "workers.tasks.match.queries_match", "workers.tasks.given_up.queries", members="queries"
    ),
    kinds.QUERIES_AGAIN: Handler("workers.tasks.match.queries_again"),
    kinds.BATCH_UNPACK: Handler("workers.tasks.unpack.batch_unpack", "workers.tasks.given_up.batch_archive"),
    kinds.INDEX_BUILD: Handler("workers.tasks.reindex.index_build"),
    kinds.NEAREST_FIND: Handler("workers.tasks.nearest.nearest_find"),
    kinds.EXPORT_WRITE: Handler("workers.tasks.export.export_write", "workers.tasks.given_up.export"),
    kinds.EXEMPLARS_SPREAD: Handler("workers.tasks.exemplars.exemplars_spread_all"),
    kinds.EXEMPLARS_EMBED: Handler("workers.tasks.exemplars.exemplars_embed"),
    kinds.DRAWING_MAKE: Handler("workers.tasks.map.drawing_make", "workers.tasks.given_up.drawing"),
    kinds.SNAPSHOT_FREEZE: Handler("workers.tasks.freeze.snapshot_freeze", "workers.tasks.given_up.snapshot"),
    kinds.MODEL_READ: Handler("workers.tasks.models.model_read", "workers.tasks.given_up.model_file"),
    kinds.MODEL_EVALUATE: Handler(
        "workers.tasks.evaluate.model_evaluate", "workers.tasks.given_up.evaluation"
    ),
    kinds.TRAIN_RUN: Handler("workers.tasks.train.train_run", "workers.tasks.given_up.training_run"),
    kinds.LABELS_AUDIT: Handler("workers.tasks.audit.labels_audit", "workers.tasks.given_up.audit"),
    kinds.LABELS_IMPORT: Handler(
        "workers.tasks.label_import.labels_import", "workers.tasks.given_up.label_import"
    ),
    kinds.MODEL_PROMOTE: Handler("workers.tasks.models.model_promote", "workers.tasks.given_up.promotion"),
    kinds.HOOK_DELIVER: Handler("workers.tasks.hooks.hook_deliver", "workers.tasks.given_up.delivery"),
}


def run_job(job_id: str) -> bool:
    """Do the job if it is to be had. Returns whether it was."""
    lease = job_claim(job_id)
    if lease is None:
        return False
    run_lease(lease)
    return True


def run_lease(lease: Lease) -> None:
    """Do a job that was claimed. Whatever happens, its row tells it."""
    try:
        _attempt(lease)
    except LeaseLost as lost:
        logger.warning("%s: stopped, %s", lease.kind, lost)


def give_up(job: Job) -> None:
    """Tell those whom a failed job was for."""
    handler = HANDLERS.get(job.kind)
    if handler and handler.given_up:
        import_string(handler.given_up)(job.payload, code=job.error_code, error=job.error, hint=job.hint)


def _attempt(lease: Lease) -> None:
    progress = Progress(lease)
    try:
        handler = HANDLERS[lease.kind]
        members = lease.payload.get(handler.members, ())
        if lease.attempt >= _SPLIT_FROM and len(members) > 1:
            _split(lease, handler)
            return
        with _heartbeat(lease, progress):
            import_string(handler.run)(lease.payload, progress)
        job_finish(lease)
    except LeaseLost:
        raise
    except (KeyboardInterrupt, SystemExit):
        job_release(lease)
        raise
    except Exception as error:  # noqa: BLE001 - the one place where anything at all may arrive
        _after_failure(lease, error)


def _after_failure(lease: Lease, error: Exception) -> None:
    logger.warning("%s %s, attempt %d: %r", lease.kind, lease.job_id, lease.attempt, error, exc_info=error)
    code = getattr(error, "code", None) or "unexpected"
    handler = HANDLERS.get(lease.kind)
    members = lease.payload.get(handler.members, ()) if handler else ()
    if isinstance(error, StoreTrouble) and len(members) > 1:
        _split(lease, handler)  # one that waits for its file must not make the others wait
    elif _is_of_the_installation(error):
        job_retry(lease, code=str(code)[:40], error=str(error), wait_seconds=_PATIENT_WAIT, counts=False)
    elif _is_retryable(error) and lease.attempt < MAX_ATTEMPTS:
        wait = min(_LONGEST_WAIT, 5.0 * 4 ** (lease.attempt - 1))
        job_retry(lease, code=str(code)[:40], error=str(error), wait_seconds=wait)
    elif len(members) > 1:
        _split(lease, handler)
    else:
        _fail(lease, error, str(code)[:40])


@transaction.atomic
def _fail(lease: Lease, error: Exception, code: str) -> None:
    words = str(error) if hasattr(error, "code") else f"something went wrong in the program ({error!r})"
    hint = getattr(error, "hint", "") or "look in the worker's log, then try again"
    job_fail(lease, code=code, error=words, hint=hint)
    give_up(Job.objects.get(pk=lease.job_id))


def _split(lease: Lease, handler: Handler) -> None:
    parts = [{**lease.payload, handler.members: [one]} for one in lease.payload[handler.members]]
    job_split(lease, payloads=parts)


def _is_of_the_installation(error: Exception) -> bool:
    """Whether no file is to blame: work waits, however long, until somebody has mended it.

    The model, the database, the disk or a stored file is not to be had. Giving work up for that would lose
    it.
    """
    if isinstance(error, OSError):
        return error.errno in _DISK
    return isinstance(error, NoRelease | StoreTrouble | DiskFull | OperationalError | InterfaceError)


def _is_retryable(error: Exception) -> bool:
    """Whether the same again may go well."""
    return getattr(error, "retryable", False) or isinstance(error, OSError | MemoryError)


@contextmanager
def _heartbeat(lease: Lease, progress: Progress) -> Iterator[None]:
    """Renew the lease from a thread of its own while a long step runs."""
    over = threading.Event()
    every = settings.ENV.lease_seconds / 4
    thread = threading.Thread(target=_beat, args=(lease, progress, over, every), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(lease: Lease, progress: Progress, over: threading.Event, every: float) -> None:
    while not over.wait(every):
        try:
            job_heartbeat(lease, **progress.noted)
        except LeaseLost:
            progress.lost()
            break
        except (OperationalError, InterfaceError) as error:
            logger.warning("no sign of life could be given (%s); trying again", error)
        finally:
            connections.close_all()  # this thread's own: it must not outlive the thread
