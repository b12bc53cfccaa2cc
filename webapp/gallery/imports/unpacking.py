"""The entries of one zip, on their way into the gallery."""

from common.archives.archive import Member
from common.archives.refusals import Refusal
from webapp.core.files.uploads import stored_name
from webapp.gallery.imports import intake
from webapp.gallery.models import ImportArchive, ImportLeftOut, Item
from webapp.gallery.services import ITEMS_A_JOB, items_enqueue

_ROWS_AT_ONCE = 500


class GalleryEntries:
    """Takes the entries of a zip into the gallery; what became of one by an earlier try stays as it is.

    What is left out is written many at once. ``close`` writes the last of it.
    """

    def __init__(self, archive: ImportArchive) -> None:
        self._archive = archive
        self._done = set(archive.left_out.values_list("entry", flat=True))
        self._left_out: list[ImportLeftOut] = []
        self._new: list[int] = []

    def add(self, member: Member) -> None:
        """Take a file in, or note why not. Raises BadEntry where it is damaged in the zip."""
        if member.index in self._done:
            return
        archive = self._archive
        name = stored_name(member.name)
        row = intake.take(upload=archive.upload, name=name, stream=member.open(), archive=archive)
        if isinstance(row, Refusal):
            self._note(member, row)
        elif isinstance(row, Item):
            self._new.append(row.pk)
        if len(self._new) >= ITEMS_A_JOB:  # the first meshes are prepared while the last are unpacked
            items_enqueue(items=Item.objects.filter(pk__in=self._new))
            self._new.clear()

    def leave_out(self, member: Member, code: str, reason: str) -> None:
        """Note a file that cannot be taken in."""
        if member.index not in self._done:
            self._note(member, Refusal(code, reason))

    def close(self) -> None:
        """Write what is still to be written."""
        rows, self._left_out = self._left_out, []
        ImportLeftOut.objects.bulk_create(rows, ignore_conflicts=True)

    def _note(self, member: Member, refusal: Refusal) -> None:
        self._left_out.append(intake.left_out_entry(self._archive, member.index, member.name, refusal))
        if len(self._left_out) >= _ROWS_AT_ONCE:
            self.close()
