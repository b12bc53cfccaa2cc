"""Whole blocks and the pages that they printed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from mocban_client.block_things import Match
from mocban_client.documents import API, Asking
from mocban_client.things import Document, Page


class Printed(Asking):
    """What people say of pages and the blocks that printed them."""

    def page_blocks(self, page: Page | int) -> list[Match]:
        """The blocks that a page may come from, confirmed ones first."""
        return [Match.read(one) for one in self._wire.get(f"{API}/pages/{_id(page)}/blocks/")["matches"]]

    def page_blocks_find(self, page: Page | int) -> None:
        """Have the blocks of a page looked for; ``page_blocks_state`` says when that is done."""
        self._wire.post(f"{API}/pages/{_id(page)}/blocks/", again=True)

    def page_blocks_state(self, page: Page | int) -> str:
        """ "none" where nobody has looked, "waiting", "ready" or "failed"."""
        return str(self._wire.get(f"{API}/pages/{_id(page)}/blocks/")["state"])

    def match_confirm(self, match: Match | int) -> Match:
        """Say that the block printed the page: what meets is answered as the same carving, all at once.

        Raises:
            Conflict: ``code`` "match_decided", where it was decided already.
        """
        sent = {"key": str(uuid.uuid4())}
        return Match.read(self._wire.post(f"{API}/matches/{_id(match)}/confirm/", sent, again=True))

    def match_reject(self, match: Match | int) -> Match:
        """Say that the block did not print the page."""
        return Match.read(self._wire.post(f"{API}/matches/{_id(match)}/reject/", again=True))

    def match_undo(self, match: Match | int) -> Match:
        """Take back what was said, with the answers that it gave."""
        return Match.read(self._wire.post(f"{API}/matches/{_id(match)}/undo/", again=True))

    def document_blocks(self, document: Document | int) -> dict[str, Any]:
        """All pages of a document against all blocks: "printed" and "lost" counts, "rows", and the ids of
        "idle" blocks.
        """
        found: dict[str, Any] = self._wire.get(f"{API}/documents/{_id(document)}/blocks/")
        return found

    def document_blocks_find(self, document: Document | int) -> int:
        """Have the blocks of all pages of a document looked for. Returns of how many."""
        return int(self._wire.post(f"{API}/documents/{_id(document)}/blocks/", again=True)["pages"])

    def block_prints(self, block: int) -> Iterator[Match]:
        """The pages that a block printed, of those that one sees."""
        return map(Match.read, self._wire.get(f"{API}/blocks/{block}/prints/"))


def _id(thing: Any) -> int:
    return thing if isinstance(thing, int) else thing.id
