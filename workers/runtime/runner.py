"""Runs one job: take it, keep its lease alive, do it, then finish it, try again or give it up."""

import errno
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction

from common.errors import InstallationTrouble, MocbanError
from retrieval.errors import BadModel
from webapp.core.errors import StoreTrouble
from webapp.jobs.leases import (
    MAX_ATTEMPTS,
    JobLease,
    LeaseLost,
    job_claim_in_turn,
    job_fail,
    job_finish,
    job_heartbeat,
    job_release,
    job_retry,
    job_split,
)
from webapp.jobs.models import Job
from workers.runtime.handlers import handler_of
from workers.runtime.progress import JobProgress

logger = logging.getLogger(__name__)

# From this attempt on, a job of several members is done one by one: one of them may be what ends the worker.
_SPLIT_FROM = 3
_LONGEST_WAIT = 300.0
_PATIENT_WAIT = 20.0
_FOLDERS = re.compile(r"(?:/[^/\s'\"]+)*/(?=[^/\s'\"]+)")
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE, errno.ENFILE}


def run_job(job_id: str) -> bool:
    """Do the job whose turn it is in the queue of this one. Returns whether one was done."""
    lease = job_claim_in_turn(job_id)
    if lease is None:
        return False
    run_lease(lease)
    return True


def run_lease(lease: JobLease) -> None:
    """Do a job that was claimed. Whatever happens, its row says so."""
    try:
        _attempt(lease)
    except LeaseLost as lost:
        logger.warning("%s: stopped, %s", lease.kind, lost)


def give_up(job: Job) -> None:
    """Write down, in the rows that a failed job was for, that it failed."""
    try:
        handler = handler_of(job.kind)
    except KeyError:  # of another version
        return
    if handler.on_give_up:
        handler.on_give_up(job.payload, code=job.error_code, error=job.error, hint=job.hint)


def _attempt(lease: JobLease) -> None:
    members = ""
    progress = JobProgress(lease)
    try:
        handler = handler_of(lease.kind)
        members = handler.members
        if lease.attempt >= _SPLIT_FROM and _is_divisible(lease, members):
            _split(lease, members)
            return
        with _heartbeat(lease, progress):
            handler.run(lease.payload, progress)
        job_finish(lease)
    except LeaseLost:
        raise
    except (KeyboardInterrupt, SystemExit):
        job_release(lease)
        raise
    except Exception as error:  # noqa: BLE001 - the one place where anything at all may arrive
        _after_failure(lease, members, error)


def _after_failure(lease: JobLease, members: str, error: Exception) -> None:
    logger.warning("%s %s, attempt %d: %r", lease.kind, lease.job_id, lease.attempt, error, exc_info=error)
    code = str(getattr(error, "code", None) or "unexpected")[:40]
    divisible = _is_divisible(lease, members)
    if isinstance(error, StoreTrouble | BadModel) and divisible:
        _split(lease, members)  # one that waits for its file, or its vector, must not make the others wait
    elif _is_of_the_installation(error):
        job_retry(lease, code=code, error=_words(error), wait_seconds=_PATIENT_WAIT, counts=False)
    elif _is_retryable(error) and lease.attempt < MAX_ATTEMPTS:
        wait = min(_LONGEST_WAIT, 5.0 * 4 ** (lease.attempt - 1))
        job_retry(lease, code=code, error=_words(error), wait_seconds=wait)
    elif divisible:
        _split(lease, members)
    else:
        _fail(lease, error, code)


@transaction.atomic
def _fail(lease: JobLease, error: Exception, code: str) -> None:
    hint = getattr(error, "hint", "") or "look in the worker's log, then try again"
    job_fail(lease, code=code, error=_words(error), hint=hint)
    give_up(Job.objects.get(pk=lease.job_id))


def _words(error: Exception) -> str:
    """What people are told of it. An error that was not meant for them names no folder of the server."""
    if isinstance(error, MocbanError):
        return str(error)
    fault = error.strerror or "" if isinstance(error, OSError) else _FOLDERS.sub("", str(error))
    return f"something went wrong in the program ({type(error).__name__}: {fault})"


def _is_divisible(lease: JobLease, members: str) -> bool:
    """Whether the job is for several things, each of which can be a job of its own."""
    return len(lease.payload.get(members, ())) > 1


def _split(lease: JobLease, members: str) -> None:
    job_split(lease, payloads=[{**lease.payload, members: [one]} for one in lease.payload[members]])


def _is_of_the_installation(error: Exception) -> bool:
    """Whether no file is to blame: work waits, however long, until somebody has mended it.

    The model, the index, the database, the disk or a stored file is not to be had, or not as it must be.
    Giving work up for that would lose it.
    """
    if isinstance(error, OSError):
        return error.errno in _DISK
    if isinstance(error, InstallationTrouble):
        return error.retryable
    return isinstance(error, OperationalError | InterfaceError)


def _is_retryable(error: Exception) -> bool:
    """Whether the same again may go well."""
    return getattr(error, "retryable", False) or isinstance(error, OSError | MemoryError)


@contextmanager
def _heartbeat(lease: JobLease, progress: JobProgress) -> Iterator[None]:
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


def _beat(lease: JobLease, progress: JobProgress, over: threading.Event, every: float) -> None:
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
