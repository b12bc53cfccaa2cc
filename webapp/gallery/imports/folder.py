"""A folder of meshes on this machine, brought into the gallery."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from common.junk import junk_reason
from common.order import natural_key
from webapp.accounts.models import User
from webapp.core.files.uploads import stored_name
from webapp.gallery.models import Import, ImportArchive, ImportLeftOut, Item
from webapp.gallery.services import import_add_file, import_create, items_enqueue, items_retry


@dataclass
class FolderImport:
    """One folder's import, begun or taken up again.

    items: from each mesh's path in the folder to its item's id. duplicates: how many were in the gallery
    before. unread: a sentence for each file that could not be read.
    """

    path: Path
    upload: Import
    items: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    unread: list[str] = field(default_factory=list)


def folder_import(*, path: Path, owner: User) -> FolderImport:
    """The import of a folder: the one begun earlier for this very folder, or a new one."""
    name = str(path)[-200:]
    begun = Import.objects.filter(owner=owner, name=name).order_by("-pk").first()
    return FolderImport(path, begun or import_create(owner=owner, name=name))


def folder_files(path: Path) -> list[Path]:
    """Every file below a folder that may be the person's, in the order in which people count."""
    names = (
        Path(root, name).relative_to(path).as_posix() for root, _, files in os.walk(path) for name in files
    )
    return [path / name for name in sorted(names, key=natural_key) if not junk_reason(name)]


def folder_add(folder: FolderImport, files: list[Path], *, together: int = 32) -> Iterator[int]:
    """Take the files in, and enqueue the work on them. Yields how many were taken, from time to time.

    A file that the gallery has is not stored again, and one that was refused earlier is tried again.
    """
    added: list[int] = []
    for count, file in enumerate(files, 1):
        try:
            found = _add(folder, file)
        except OSError as error:
            folder.unread.append(f"{file}: {error.strerror or error}")
            continue
        if isinstance(found, Item):
            folder.items[_name(folder, file)] = found.pk
            added.append(found.pk)
        if len(added) >= together or count == len(files):
            _enqueue(added)
            added = []
            yield count
    _enqueue(added)


def folder_waiting(folder: FolderImport) -> int:
    """How many of the folder's items, in the gallery before or not, are still to be prepared."""
    waiting = set(Item.objects.filter(state=Item.State.WAITING).values_list("pk", flat=True))
    of_upload = folder.upload.items.filter(state=Item.State.WAITING).values_list("pk", flat=True)
    return len(waiting & set(folder.items.values()) | set(of_upload))


def folder_unpacking(folder: FolderImport) -> bool:
    """Whether a zip of the folder is still to be unpacked."""
    return folder.upload.archives.filter(state=ImportArchive.State.WAITING).exists()


def folder_refused(folder: FolderImport) -> list[str]:
    """A sentence for each file that did not come into the gallery, duplicates and litter apart."""
    upload = folder.upload
    refused = list(upload.items.filter(state=Item.State.REJECTED).select_related("archive").order_by("name"))
    earlier = Item.objects.filter(state=Item.State.REJECTED).exclude(upload=upload)
    names = {pk: name for name, pk in folder.items.items()}
    refused += [item for item in earlier if item.pk in names]
    archives = upload.archives.filter(state=ImportArchive.State.REJECTED).order_by("name")
    left_out = upload.left_out.exclude(code__in=["junk", "duplicate"])
    left_out = left_out.select_related("archive").order_by("archive__name", "name")
    return [
        *(f"{names.get(one.pk) or _place(one)}: {_sentence(one)}" for one in refused),
        *(f"{one.name}: {_sentence(one)}" for one in archives),
        *(f"{_place(one)}: {one.reason}" for one in left_out),
        *folder.unread,
    ]


def _add(folder: FolderImport, file: Path) -> Item | ImportArchive | ImportLeftOut:
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        if same := Item.objects.filter(sha256=sha256).first():
            folder.duplicates += 1
            return same
        stream.seek(0)
        return import_add_file(upload=folder.upload, name=_name(folder, file), stream=_Sized(stream))


def _enqueue(pks: list[int]) -> None:
    if pks:
        items_retry(pks=pks, notify=False)
        items_enqueue(items=Item.objects.filter(pk__in=pks), notify=False)


def _name(folder: FolderImport, file: Path) -> str:
    return stored_name(file.relative_to(folder.path).as_posix())


def _place(row: Item | ImportLeftOut) -> str:
    """The file's path, behind that of the zip that it came in."""
    return f"{row.archive.name}/{row.name}" if row.archive else row.name


def _sentence(refused: Item | ImportArchive) -> str:
    return f"{refused.error} ({refused.hint})" if refused.hint else refused.error


class _Sized:
    """A file that knows its size, by which a binary STL is recognised."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = os.fstat(stream.fileno()).st_size

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()
