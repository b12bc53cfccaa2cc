"""All that is ever done to a snapshot, and what may be read of it."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from webapp.core.errors import Conflict, Refused
from webapp.core.moment import one_moment
from webapp.datasets.comparing import Difference, difference
from webapp.datasets.labelled import count, entries
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshot_files import Freezing, Frozen, read_labels
from webapp.hooks.events import event_tell, links_to
from webapp.hooks.models import Kind
from webapp.jobs import kinds
from webapp.jobs.services import job_enqueue

_LONGEST_NOTE = 200
_TRIES = 5


def snapshots_for(user) -> QuerySet[Snapshot]:
    """Snapshots that ``user`` may see, the newest first: all for a curator, none for others.

    A snapshot holds the labels of every batch, private ones too.
    """
    found = Snapshot.objects.all() if user.is_curator else Snapshot.objects.none()
    return found.select_related("created_by").order_by("-number")


def snapshot_before(snapshot: Snapshot) -> Snapshot | None:
    """The last snapshot before this one that was frozen."""
    earlier = Snapshot.objects.filter(number__lt=snapshot.number, state=Snapshot.State.READY)
    return earlier.order_by("-number").first()


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
        kind=kinds.SNAPSHOT_FREEZE,
        payload={"snapshot": made.pk},
        queue="batch",
        subject=f"snapshot:{made.number}",
    )
    return made


def snapshot_write(*, snapshot: Snapshot, freezing: Freezing, tell: Callable[[int, int], None]) -> Frozen:
    """Write the labels of this moment to files aside. tell: told how many of how many are done.

    Raises:
        DiskFull: there was no room.
    """
    with one_moment():
        total = count()
        return freezing.write(entries(), tell=lambda done: tell(done, total))


@transaction.atomic
def snapshot_finish(*, snapshot: Snapshot, frozen: Frozen) -> None:
    """Its files lie in their place; whoever asked to be told of that is told. Harmless when done twice."""
    unfinished = Snapshot.objects.filter(pk=snapshot.pk).exclude(state=Snapshot.State.READY)
    finished = unfinished.update(
        state=Snapshot.State.READY,
        digest=frozen.digest,
        origins=frozen.origins,
        count=frozen.count,
        card=frozen.card,
        frozen=timezone.now(),
        error="",
        hint="",
    )
    if finished:
        event_tell(kind=Kind.SNAPSHOT_FROZEN, data=_told(snapshot.number, frozen))


def _told(number: int, frozen: Frozen) -> dict:
    return {
        "snapshot": number,
        **links_to(f"snapshots/{number}/"),
        "digest": frozen.digest,
        "labels": frozen.count,
    }


def snapshot_fail(*, snapshot: Snapshot, error: str, hint: str = "") -> None:
    """It could not be frozen. One that is ready stays ready."""
    Snapshot.objects.filter(pk=snapshot.pk, state=Snapshot.State.WAITING).update(
        state=Snapshot.State.FAILED, error=error, hint=hint
    )


def snapshots_differ(before: Snapshot | None, after: Snapshot) -> Difference:
    """What was added, removed and changed between two snapshots; all was added where there is none before.

    Raises:
        Conflict: one of them is not ready.
        BadSnapshot: a file is missing, or was changed since.
    """
    for each in (before, after):
        if each and each.state != Snapshot.State.READY:
            raise Conflict(f"{each} is not frozen yet", hint="wait a moment", code="not_ready")
    known = read_labels(before.number, before.digest) if before else ()
    return difference(known, read_labels(after.number, after.digest))
