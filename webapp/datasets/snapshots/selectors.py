"""What may be read of snapshots."""

from django.db.models import QuerySet

from webapp.core.errors import Conflict
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.difference import Difference, difference
from webapp.datasets.snapshots.files import read_labels


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


def snapshots_differ(before: Snapshot | None, after: Snapshot) -> Difference:
    """What was added, removed and changed between two snapshots; all was added where there is none before.

    Raises:
        Conflict: one of them is not ready.
        BadSnapshot: a file is missing, or was changed since.
    """
    for each in (before, after):
        if each and each.state != Snapshot.State.READY:
            raise Conflict(f"{each} is not ready yet", hint="wait a moment", code="not_ready")
    earlier = read_labels(before.number, before.digest) if before else ()
    return difference(earlier, read_labels(after.number, after.digest))


def snapshot_digests() -> set[str]:
    """Digests of all pictures of which a snapshot has the label: its exports ship them.

    Raises:
        BadSnapshot: the files of one are missing or damaged.
    """
    ready = Snapshot.objects.filter(state=Snapshot.State.READY).values_list("number", "digest")
    return {label.query for number, digest in ready for label in read_labels(number, digest)}
