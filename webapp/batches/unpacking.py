"""The entries of one zip, on their way into its batch."""

from common.archives.archive import Member
from webapp.batches import intake
from webapp.batches.models import BatchArchive, BatchLeftOut, MaybePage, Query
from webapp.batches.services import QUERIES_A_JOB, archive_enqueue, batch_enqueue

_ROWS_AT_ONCE = 500


class BatchEntries:
    """Takes the entries of a zip into its batch; what became of one by an earlier try stays as it is.

    Pictures become rows one by one, because each has a file. What is left out is written many at once: a
    small zip can hold ten thousand files that are no pictures. ``close`` writes the last of them.
    """

    def __init__(self, archive: BatchArchive) -> None:
        self._archive = archive
        self._done = {
            *Query.objects.filter(archive=archive).values_list("entry", flat=True),
            *MaybePage.objects.filter(archive=archive).values_list("entry", flat=True),
            *BatchLeftOut.objects.filter(archive=archive).values_list("entry", flat=True),
        }
        self._left_out: list[BatchLeftOut] = []
        self._waiting = 0

    def add(self, member: Member) -> None:
        """Take a file in, or note why not.

        Raises:
            BadEntry: it is damaged in the zip.
            Conflict: the batch was deleted meanwhile.
        """
        if member.index in self._done:
            return
        archive = self._archive
        row = intake.take(
            batch=archive.batch, name=member.name, stream=member.open(), archive=archive, entry=member.index
        )
        if isinstance(row, BatchLeftOut):
            self._note(row)
        elif isinstance(row, BatchArchive):
            archive_enqueue(archive=row)
        elif isinstance(row, Query) and row.state == Query.State.WAITING and not row.queued:
            self._waiting += 1
        if self._waiting >= QUERIES_A_JOB:  # the first pictures are matched while the last are unpacked
            batch_enqueue(batch=archive.batch)
            self._waiting = 0

    def leave_out(self, member: Member, code: str, reason: str) -> None:
        """Note a file that cannot be taken in. Raises Conflict where the batch was deleted meanwhile."""
        if member.index not in self._done:
            self._note(intake.left_out_entry(self._archive, member.index, member.name, code, reason))

    def close(self) -> None:
        """Write what is still to be written. Raises Conflict where the batch was deleted meanwhile."""
        rows, self._left_out = self._left_out, []
        with intake.batch_still_there(self._archive.batch):
            BatchLeftOut.objects.bulk_create(rows, ignore_conflicts=True)

    def _note(self, row: BatchLeftOut) -> None:
        self._left_out.append(row)
        if len(self._left_out) >= _ROWS_AT_ONCE:
            self.close()
