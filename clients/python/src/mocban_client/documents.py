"""Whole pages: documents, their pages, the boxes on them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from mocban_client.errors import MocbanError
from mocban_client.files import Upload, form, portions, uploads
from mocban_client.things import Box, BoxImport, Document, Page, Text, Thing
from mocban_client.wire import Wire, json_body

API = "/api/v1"
_MOST_FILES, _MOST_BYTES = 200, 64 << 20
_A_PAGE = 100
AnyThing = TypeVar("AnyThing", bound=Thing)


class Asking:
    """What every part of the client asks with."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def _send(self, address: str, files: Sequence[Upload], progress: Callable[[int, int], object]) -> None:
        total, before = sum(file.path.stat().st_size for file in files), 0
        for some in portions(files, most=_MOST_FILES, most_bytes=_MOST_BYTES):
            body = form(some, sent=_further(progress, before, total))
            self._wire.ask("POST", address, body, again=True)
            before += sum(file.path.stat().st_size for file in some)

    def _all(self, path: str, kind: type[AnyThing], **words: Any) -> Iterator[AnyThing]:
        """Every one of a list, page after page, each page when it is come to."""
        page = self._wire.get(path, page_size=_A_PAGE, **words)
        while True:
            yield from map(kind.read, page["results"])
            if not page["next"]:
                return
            page = self._wire.get(page["next"])


class Documents(Asking):
    """What people do with documents."""

    def upload_pages(
        self,
        *paths: str | os.PathLike[str],
        title: str = "",
        shared: bool = False,
        progress: Callable[[int, int], object] = lambda done, total: None,
    ) -> Document:
        """A new document of the page scans, PDFs, TIFFs, or zips of them, in these folders and files.

        Raises:
            MocbanError: ``code`` "no_files" where there are none.
        """
        first, *others = uploads(*paths) or [None]
        if first is None:
            raise MocbanError("there are no files", code="no_files", hint="name a folder with pages")
        body = form([first], {"title": title, "shared": str(shared).lower()})
        document = Document.read(self._wire.ask("POST", f"{API}/documents/", body))
        if others:
            self._send(f"{API}/documents/{document.id}/files/", others, progress)
        return self.document(document.id)

    def document_from_manifest(self, address: str, *, title: str = "", shared: bool = False) -> Document:
        """A new document of what a IIIF manifest names; the server fetches the pictures: ``wait`` for it.

        Raises:
            Refused: ``code`` "host_not_allowed", where the operator has not allowed its host.
        """
        sent = {"address": address, "title": title, "shared": shared}
        return Document.read(self._wire.post(f"{API}/documents/manifests/", sent))

    def documents(self) -> Iterator[Document]:
        """All documents one sees, the newest first, read as they are asked for."""
        return self._all(f"{API}/documents/", Document)

    def document(self, id: int) -> Document:
        """One document as it is now."""
        return Document.read(self._wire.get(f"{API}/documents/{id}/"))

    def document_change(self, document: Document | int, **words: Any) -> Document:
        """Change its title, source, shelf_mark, date, rights, note, or ``fields``."""
        address = f"{API}/documents/{_id(document)}/"
        return Document.read(self._wire.ask("PATCH", address, json_body(words), again=True))

    def pages(self, document: Document | int) -> Iterator[Page]:
        """The pages of a document, in order."""
        return self._all(f"{API}/documents/{_id(document)}/pages/", Page)

    def pages_order(self, document: Document | int, pages: Sequence[Page | int]) -> None:
        """Put pages in this order; those that are not named come behind, as they were."""
        sent = {"pages": [_id(page) for page in pages]}
        self._wire.post(f"{API}/documents/{_id(document)}/order/", sent, again=True)

    def page(self, id: int) -> Page:
        """One page as it is now."""
        return Page.read(self._wire.get(f"{API}/pages/{id}/"))

    def page_rename(self, page: Page | int, name: str) -> Page:
        """Give a page another name."""
        return Page.read(self._wire.ask("PATCH", f"{API}/pages/{_id(page)}/", json_body({"name": name})))

    def page_delete(self, page: Page | int) -> None:
        """Delete a page with its boxes. Raises Conflict where a character of it has answers."""
        self._wire.ask("DELETE", f"{API}/pages/{_id(page)}/")

    def page_turn(self, page: Page | int, degrees: int) -> Page:
        """Turn a page by quarter turns, clockwise, and have it read again; ``wait`` for it."""
        self._wire.post(f"{API}/pages/{_id(page)}/turn/", {"turn": degrees})
        return self.page(_id(page))

    def page_locate(self, page: Page | int) -> None:
        """Have the characters of a page found again; what people set stays."""
        self._wire.post(f"{API}/pages/{_id(page)}/locate/")

    def boxes(self, page: Page | int) -> list[Box]:
        """The boxes of a page in reading order."""
        found = self._wire.get(f"{API}/pages/{_id(page)}/boxes/")
        return self._boxes(found)

    def _boxes(self, answer: dict[str, Any]) -> list[Box]:
        return [Box.read(box) for box in answer["boxes"]]

    def boxes_edit(
        self, page: Page | int, *operations: dict[str, Any], version: int | None = None
    ) -> list[Box]:
        """Do operations to boxes, all or none, such as {"op": "add", "x": 1, "y": 2, "w": 30, "h": 30}.

        version: of the page as it was seen; by default as it is now. Returns the boxes that changed.

        Raises:
            Conflict: ``code`` "edited_meanwhile", where somebody else edited one of them since.
        """
        number = _id(page)
        version = self.page(number).version if version is None else version
        sent = {"version": version, "key": str(uuid.uuid4()), "operations": list(operations)}
        done = self._wire.post(f"{API}/pages/{number}/edits/", sent, again=True)
        return self._boxes(done)

    def boxes_undo(self, page: Page | int, *, edit: int | None = None) -> list[Box]:
        """Take one's last edit of a page back, or the one named. Returns the boxes that changed; none without
        an edit.
        """
        return self._boxes(self._wire.post(f"{API}/pages/{_id(page)}/undo/", {"edit": edit}))

    def boxes_redo(self, page: Page | int, *, edit: int | None = None) -> list[Box]:
        """Do the edit again that one took back last, or the one named."""
        return self._boxes(self._wire.post(f"{API}/pages/{_id(page)}/redo/", {"edit": edit}))

    def boxes_snap(self, page: Page | int, boxes: Sequence[Box | int]) -> int:
        """Have boxes fitted closely around their ink; ``page_changes`` shows when that is done. Returns the
        edit that it is, to be taken back by ``boxes_undo``.
        """
        sent = {"boxes": [_id(box) for box in boxes]}
        done: int = self._wire.post(f"{API}/pages/{_id(page)}/snap/", sent)["edit"]
        return done

    def page_changes(self, page: Page | int, *, since: int = 0, seen: str = "") -> dict[str, Any]:
        """What happened to a page after version ``since``: "version", "boxes", "removed" ids, "jobs", and
        "seen", which is to be sent with the next question.
        """
        found: dict[str, Any] = self._wire.get(f"{API}/pages/{_id(page)}/changes/", since=since, seen=seen)
        return found | {"boxes": self._boxes(found)}

    def boxes_upload(
        self,
        document: Document | int,
        *paths: str | os.PathLike[str],
        page: Page | int | None = None,
        labels: bool = False,
    ) -> BoxImport:
        """Have boxes of files put onto the pages of a document; ``wait`` for it.

        labels: whether their characters become your answers once the boxes are matched; else they are
            proposals.
        """
        values = {"characters": "labels" if labels else "proposals"}
        if page is not None:
            values["page"] = str(_id(page))
        body = form(uploads(*paths), values)
        return BoxImport.read(self._wire.ask("POST", f"{API}/documents/{_id(document)}/boxes/", body))

    def text_add(self, document: Document | int, text: str, *, page: Page | int | None = None) -> Text:
        """Have a known text laid along the boxes of a document, or of one page; ``wait`` for it."""
        sent: dict[str, Any] = {"text": text} if page is None else {"text": text, "page": _id(page)}
        return Text.read(self._wire.post(f"{API}/documents/{_id(document)}/texts/", sent))


def _id(thing: Any) -> int:
    return thing if isinstance(thing, int) else thing.id


def _further(progress: Callable[[int, int], object], before: int, total: int) -> Callable[[int], object]:
    return lambda sent: progress(before + sent, total)
