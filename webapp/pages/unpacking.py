"""The pages of one file, on their way into its document."""

from common.archives.archive import Member
from webapp.batches import intake
from webapp.batches.models import BatchArchive, BatchLeftOut
from webapp.batches.services import archive_enqueue
from webapp.core.files.uploads import ByteStream
from webapp.pages.intake import page_take
from webapp.pages.models import Document, Page

_ROWS_AT_ONCE = 500


class PageEntries:
    """Takes the pages of a zip, a PDF or a TIFF into a document; what an earlier try made of one stays.

    As ``batches.unpacking.BatchEntries``. done: places in the file that need nothing more.
    """

    def __init__(self, archive: BatchArchive, document: Document) -> None:
        self._archive, self._document = archive, document
        self.done = {
            *Page.objects.filter(archive=archive).values_list("entry", flat=True),
            *BatchLeftOut.objects.filter(archive=archive).values_list("entry", flat=True),
        }
        self._left_out: list[BatchLeftOut] = []

    def add(self, member: Member) -> None:
        """Take a file of a zip in, or note why not.

        Raises:
            BadEntry: it is damaged in the zip.
            Conflict: the batch was deleted meanwhile.
        """
        if member.index in self.done:
            return
        self._take(member.index, member.name, member.open())

    def add_page(self, index: int, name: str, stream: ByteStream) -> None:
        """Take one page of a PDF or a TIFF in, or a picture. index: from 0. Raises Conflict as ``add``."""
        if index not in self.done:
            self._take(index, name, stream)

    def leave_out(self, member: Member, code: str, reason: str) -> None:
        """Note a file that cannot be taken in. Raises Conflict where the batch was deleted meanwhile."""
        if member.index not in self.done:
            self._note(intake.left_out_entry(self._archive, member.index, member.name, code, reason))

    def leave_page_out(self, index: int, name: str, code: str, reason: str) -> None:
        """Note a page that cannot be taken in."""
        if index not in self.done:
            self._note(intake.left_out_entry(self._archive, index, name, code, reason))

    def close(self) -> None:
        """Write what is still to be written. Raises Conflict where the batch was deleted meanwhile."""
        rows, self._left_out = self._left_out, []
        with intake.batch_still_there(self._archive.batch):
            BatchLeftOut.objects.bulk_create(rows, ignore_conflicts=True)

    def _take(self, index: int, name: str, stream: ByteStream) -> None:
        row = page_take(document=self._document, name=name, stream=stream, archive=self._archive, entry=index)
        if isinstance(row, BatchLeftOut):
            self._note(row)
        elif isinstance(row, BatchArchive):
            archive_enqueue(archive=row)

    def _note(self, row: BatchLeftOut) -> None:
        self._left_out.append(row)
        if len(self._left_out) >= _ROWS_AT_ONCE:
            self.close()
