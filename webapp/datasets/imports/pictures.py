"""The pictures that are here by what a file says of them: their digest, or their name in one batch."""

from collections.abc import Iterable

from common.names import NameIndex, name_key
from webapp.batches.models import Batch, Query
from webapp.datasets.imports.parsed import ParsedLabel


def queries_by_digest(digests: Iterable[str]) -> dict[str, list[tuple]]:
    rows = Query.objects.filter(sha256__in=set(digests), state=Query.State.READY).order_by("pk")
    found: dict[str, list[tuple]] = {}
    for pk, sha256, name, batch in rows.values_list("pk", "sha256", "name", "batch__name"):
        found.setdefault(sha256, []).append((pk, name, batch))
    return found


def queries_meant(there: list[tuple], one: ParsedLabel) -> list[int]:
    """Of the queries that show the picture: those of the batch and the name in the file, if any."""
    for fits in (
        lambda row: row[2] == one.batch and name_key(row[1]) == name_key(one.name),
        lambda row: row[2] == one.batch,
        lambda row: True,
    ):
        if found := [row[0] for row in there if fits(row)]:
            return found
    return []


class QueriesByName:
    """Pictures of one batch by their names, for files that have no hashes."""

    def __init__(self, batch: Batch | None) -> None:
        self._batch = batch
        self._names = NameIndex()
        if batch is not None:
            ready = Query.objects.filter(batch=batch, state=Query.State.READY)
            for pk, name in ready.values_list("pk", "name"):
                for each in {name, name.rpartition("/")[2]}:
                    self._names.add(each, pk)

    def find(self, name: str) -> list[int]:
        """Raises LookupError with the reason."""
        if self._batch is None:
            raise LookupError("the file has no hash for it")
        found = self._names.find(name) or self._names.find(name.rpartition("/")[2])
        if len(found) > 1:
            raise LookupError("several pictures in the batch have this name")
        if not found:
            raise LookupError("no picture in the batch has this name")
        return list(found)
