"""The files of a zip, one after another."""

from math import inf
from time import monotonic
from typing import Protocol

from common.archives.archive import Archive, Member
from common.archives.errors import BadArchive, BadEntry
from common.order import natural_key
from workers.runtime.progress import JobProgress

_REPORT_SECONDS = 0.5


class Entries(Protocol):
    """Where the entries of a zip go."""

    def add(self, member: Member) -> None: ...

    def leave_out(self, member: Member, code: str, reason: str) -> None: ...

    def close(self) -> None: ...


def unpack_entries(archive: Archive, entries: Entries, progress: JobProgress) -> None:
    """Give each file of a zip to ``entries``, in the order in which people count, whatever order the zip has.

    Raises:
        BadArchive: there is no file in it.
    """
    if not archive.members:
        raise BadArchive(f"{archive.name} holds no files", hint="put the files into it again", code="empty")
    members = sorted(archive.members, key=lambda member: natural_key(member.name))
    reported = -inf
    for done, member in enumerate(members):
        if monotonic() - reported >= _REPORT_SECONDS:
            progress.report(done, len(members))
            reported = monotonic()
        if member.refusal:
            entries.leave_out(member, member.refusal.code, member.refusal.reason)
            continue
        try:
            entries.add(member)
        except BadEntry as error:
            entries.leave_out(member, error.code, f"{error}; {error.hint}")
    entries.close()
    progress.report(len(members), len(members))
