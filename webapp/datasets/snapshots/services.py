"""All that is ever done to a snapshot."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from webapp.core.errors import Refused
from webapp.core.moment import one_moment
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.entries import count, entries
from webapp.datasets.snapshots.files import Freezing, Frozen
from webapp.hooks.events import event_record, links_to
from webapp.hooks.models import EventKind
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue

SNAPSHOT_FREEZE = JobKind("snapshot.freeze", queue="batch")  # {"snapshot": pk of Snapshot}
_LONGEST_NOTE = 200
_TRIES = 5


def snapshot_request(*, user, note: str = "") -> Snapshot:
    """Ask a worker to freeze the labels of the moment at which it begins.

    Raises:
        Refused: the note is too long.
    """
    if len(note) > _LONGEST_NOTE or "\0" in note:
        raise Refused(f"a note has {_LONGEST_NOTE} characters at most", code="bad_note")
    for _ in range(_TRIES - 1):
        try:
            return _request(user, note)
        except IntegrityError:  # somebody else took the number at the same moment
            continue
    return _request(user, note)


@transaction.atomic
def _request(user, note: str) -> Snapshot:
    highest = Snapshot.objects.aggregate(highest=Max("number"))["highest"] or 0
    made = Snapshot.objects.create(number=highest + 1, note=note, created_by=user)
    job_enqueue(
        kind=SNAPSHOT_FREEZE,
        payload={"snapshot": made.pk},
        subject=f"snapshot:{made.number}",
        owner=made.created_by_id,
    )
    return made


def snapshot_write(*, snapshot: Snapshot, freezing: Freezing, report: Callable[[int, int], None]) -> Frozen:
    """Write the labels of this moment to files aside. report: called with how many of how many are done.

    Raises:
        DiskFull: there was no room.
    """
    with one_moment():
        total = count()
        return freezing.write(entries(), report=lambda done: report(done, total))


@transaction.atomic
def snapshot_finish(*, snapshot: Snapshot, frozen: Frozen) -> None:
    """Its files lie in their place; webhooks that want to know of it are called. Harmless when done twice."""
    unfinished = Snapshot.objects.filter(pk=snapshot.pk).exclude(state=Snapshot.State.READY)
    finished = unfinished.update(
        state=Snapshot.State.READY,
        digest=frozen.digest,
        origins=frozen.origins,
        count=frozen.count,
        card=frozen.card,
        frozen=timezone.now(),
        **Snapshot.NO_ERROR,
    )
    if finished:
        event_record(kind=EventKind.SNAPSHOT_FROZEN, data=_payload(snapshot.number, frozen))


def _payload(number: int, frozen: Frozen) -> dict:
    return {
        "snapshot": number,
        **links_to(f"snapshots/{number}/"),
        "digest": frozen.digest,
        "labels": frozen.count,
    }


def snapshot_fail(*, snapshot: Snapshot, code: str, error: str, hint: str = "") -> None:
    """It could not be frozen. One that is ready stays ready."""
    Snapshot.objects.filter(pk=snapshot.pk, state=Snapshot.State.WAITING).update(
        state=Snapshot.State.FAILED, error_code=code[:40], error=error, hint=hint
    )
