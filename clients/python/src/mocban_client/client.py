"""One installation of Mocban, asked by program."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from mocban_client.blocks import Blocks
from mocban_client.documents import Documents
from mocban_client.errors import Failed, MocbanError, NotAllowed, TimedOut
from mocban_client.files import form, save, uploads
from mocban_client.models import Models
from mocban_client.printed import Printed
from mocban_client.things import FAILED, READY, Awaited, Batch, Decision, Export, Query, Snapshot, Thing
from mocban_client.wire import Wire, json_body

API = "/api/v1"
Waited = TypeVar("Waited", bound=Awaited)
_FIRST_LOOK, _LAST_LOOK = 0.2, 5.0


class Mocban(Documents, Blocks, Models, Printed):
    """What one person may do, by their API token.

    url: as people open it. token: from the page *Your account*, or the environment's MOCBAN_TOKEN. timeout:
    seconds that one answer may take. tries: how often what may be asked twice is asked, when the network
    fails or the server is away; wait: seconds after the first time, doubled each time.
    """

    def __init__(
        self, url: str, token: str = "", *, timeout: float = 60, tries: int = 5, wait: float = 0.5
    ) -> None:
        token = token or os.environ.get("MOCBAN_TOKEN", "")
        if not token:
            raise NotAllowed("there is no token", code="no_token", hint="make one on the page Your account")
        super().__init__(Wire(url, token, timeout=timeout, tries=tries, wait=wait))

    # batches

    def upload(
        self,
        *paths: str | os.PathLike[str],
        name: str = "",
        shared: bool = False,
        progress: Callable[[int, int], object] = lambda done, total: None,
    ) -> Batch:
        """A new batch of the pictures, or zips of them, in these folders and files.

        progress: gets how many bytes of how many are sent. A request that failed is sent again: what had
        arrived stays what it was.

        Raises:
            MocbanError: ``code`` "no_files" where there are none.
        """
        files = uploads(*paths)
        if not files:
            raise MocbanError("there are no files", code="no_files", hint="name a folder with pictures")
        values = {"name": name, "shared": str(shared).lower(), "open": "true"}
        batch = self._wire.ask("POST", f"{API}/batches/", form([], values))
        address = f"{API}/batches/{batch['id']}/"
        self._send(f"{address}files/", files, progress)
        return Batch.read(self._wire.ask("PATCH", address, json_body({"open": False}), again=True))

    def batches(self) -> Iterator[Batch]:
        """All batches one sees, the newest first, read as they are asked for."""
        return self._all(f"{API}/batches/", Batch)

    def batch(self, id: int) -> Batch:
        """One batch as it is now."""
        return Batch.read(self._wire.get(f"{API}/batches/{id}/"))

    # queries and answers

    def queries(
        self, batch: Batch | int | None = None, *, status: str | None = None, answered: bool | None = None
    ) -> Iterator[Query]:
        """Pictures with their suggestions, in the order in which they came, read as they are asked for.

        status: "waiting", "ready" or "rejected". answered: those that have a label, or have none. One may
        answer while going through them: the list is the whole one, so that none is passed over.
        """
        number = batch.id if isinstance(batch, Batch) else batch
        for query in self._all(f"{API}/queries/", Query, batch=number, status=status):
            if answered is None or query.answered == answered:
                yield query

    def query(self, id: int) -> Query:
        """One picture as it is now."""
        return Query.read(self._wire.get(f"{API}/queries/{id}/"))

    def answer(
        self,
        query: Query | int,
        verdict: str,
        *,
        item: int | None = None,
        client_key: uuid.UUID | None = None,
        **words: Any,
    ) -> Decision:
        """Say what a picture is: "match" with ``item``, "none", "unsure" or "skip".

        words: relation of a match, reason of a none, comment, flag. client_key: the same answer with the same
        key is written once, so that it is sent again when the network fails; made where none is given.
        """
        number = query.id if isinstance(query, Query) else query
        sent = {"verdict": verdict, "client_key": str(client_key or uuid.uuid4()), **words}
        if item is not None:
            sent["item"] = item
        return Decision.read(self._wire.post(f"{API}/queries/{number}/decisions/", sent, again=True))

    def withdraw(self, query: Query | int) -> Decision:
        """Take one's answer back."""
        return self.answer(query, "withdrawn")

    # snapshots and exports

    def freeze(self, note: str = "") -> Snapshot:
        """Ask for a snapshot of the labels as they are now; ``wait`` for it."""
        return Snapshot.read(self._wire.post(f"{API}/snapshots/", {"note": note}))

    def snapshots(self) -> Iterator[Snapshot]:
        """All snapshots, the newest first."""
        return self._all(f"{API}/snapshots/", Snapshot)

    def snapshot(self, number: int) -> Snapshot:
        """One snapshot as it is now."""
        return Snapshot.read(self._wire.get(f"{API}/snapshots/{number}/"))

    def export(
        self, of: Batch | Snapshot, format: str, *, with_images: bool = False, split: str | None = None
    ) -> Export:
        """Ask for labels as one file; ``wait`` for it, then ``download`` it. split: of a snapshot."""
        which = {"batch": of.id} if isinstance(of, Batch) else {"snapshot": of.number}
        values = {**which, "format": format, "with_images": with_images}
        return Export.read(self._wire.post(f"{API}/exports/", values | ({"split": split} if split else {})))

    def download(
        self,
        export: Export,
        to: str | os.PathLike[str],
        *,
        progress: Callable[[int, int], object] = lambda done, total: None,
    ) -> Path:
        """Fetch the file of an export that is ready; it is there whole, by its hash, or not at all.

        Raises:
            Damaged: it did not arrive as it left.
        """
        with self._wire.open("GET", f"{API}/exports/{export.id}/download/", again=True) as answer:
            report = lambda done: progress(done, export.size or 0)  # noqa: E731
            return save(answer, Path(to), sha256=export.sha256, size=export.size, report=report)

    # waiting

    def wait(
        self,
        thing: Waited,
        *,
        timeout: float | None = None,
        progress: Callable[[Waited], object] = lambda thing: None,
    ) -> Waited:
        """Until it is ready, asking now and then; as it is then. progress: gets how it is at each look.

        Raises:
            Failed: it came to nothing.
            TimedOut: it was not ready within ``timeout`` seconds.
        """
        deadline, pause = time.monotonic() + (timeout if timeout is not None else float("inf")), _FIRST_LOOK
        while True:
            thing = type(thing).read(self._wire.get(f"{API}/{thing.address}/"))
            progress(thing)
            if thing.status in READY:
                return thing
            if thing.status in FAILED:
                raise _failure(thing)
            if time.monotonic() + pause > deadline:
                raise TimedOut(f"{thing} is not ready yet", code="timed_out", retryable=True)
            time.sleep(pause)
            pause = min(pause * 1.5, _LAST_LOOK)


def _failure(thing: Thing) -> Failed:
    error = thing.raw.get("error")
    details = error if isinstance(error, dict) else {"message": error or f"it is {thing.raw.get('status')}"}
    return Failed(
        str(details.get("message", "")),
        code=str(details.get("code", "failed")),
        hint=str(details.get("hint", "")),
        body=thing.raw,
    )
