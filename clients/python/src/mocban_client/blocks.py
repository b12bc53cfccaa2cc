"""Whole woodblocks: their scans, and the characters on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from mocban_client.block_things import Block, Place, Scan
from mocban_client.documents import API, Asking
from mocban_client.errors import MocbanError
from mocban_client.files import form, uploads
from mocban_client.wire import json_body


class Blocks(Asking):
    """What people do with woodblocks; curators write."""

    def block_create(self, name: str, **words: Any) -> Block:
        """A new block. words: inventory_number, title, volume, leaf, ..., or ``fields``."""
        return Block.read(self._wire.post(f"{API}/blocks/", {"name": name, **words}))

    def blocks(self, search: str = "") -> Iterator[Block]:
        """All blocks that fit, the newest first, read as they are asked for."""
        return self._all(f"{API}/blocks/", Block, search=search or None)

    def block(self, id: int) -> Block:
        """One block as it is now."""
        return Block.read(self._wire.get(f"{API}/blocks/{id}/"))

    def block_change(self, block: Block | int, **words: Any) -> Block:
        """Change what is known of a block."""
        address = f"{API}/blocks/{_id(block)}/"
        return Block.read(self._wire.ask("PATCH", address, json_body(words), again=True))

    def block_delete(self, block: Block | int) -> None:
        """Put a block into the trash."""
        self._wire.ask("DELETE", f"{API}/blocks/{_id(block)}/")

    def scan_upload(
        self,
        block: Block | int,
        path: str | os.PathLike[str],
        *,
        face: str = "",
        unit: str = "",
        progress: Callable[[int], object] = lambda sent: None,
    ) -> Scan:
        """Send the scan of a face whole; ``wait`` for it. The same file again is the same scan.

        Raises:
            MocbanError: ``code`` "no_files" where there is none.
        """
        files = [one for one in uploads(path) if one.path.is_file()]
        if len(files) != 1:
            raise MocbanError("there is no such file", code="no_files", hint="name one mesh")
        body = form(files, {"face": face, "unit": unit}, field="file", sent=progress)
        return Scan.read(self._wire.ask("POST", f"{API}/blocks/{_id(block)}/scans/", body, again=True))

    def scan(self, id: int) -> Scan:
        """One scan as it is now."""
        return Scan.read(self._wire.get(f"{API}/scans/{id}/"))

    def places(self, scan: Scan | int) -> Iterator[Place]:
        """The characters on a face, in reading order."""
        return self._all(f"{API}/scans/{_id(scan)}/places/", Place)

    def characters_set(self, scan: Scan | int, text: str) -> int:
        """Label the characters by a text, one for each place in reading order. Returns how many were set."""
        return self._wire.post(f"{API}/scans/{_id(scan)}/characters/", {"text": text}, again=True)["set"]


def _id(thing: Block | Scan | int) -> int:
    return thing if isinstance(thing, int) else thing.id
