"""One file of an upload to the gallery: what it is, and the row it becomes."""

from django.db import transaction

from common.archives.refusals import Refusal
from common.file_types import UNKNOWN, FileType, Kind, claims, listed, unread_type
from common.junk import junk_reason
from webapp.core.errors import TooLarge
from webapp.core.files.blobs import blob_put
from webapp.core.files.uploads import ByteStream, Peeked, stored_name
from webapp.gallery.models import Import, ImportArchive, ImportLeftOut, Item
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue

IMPORT_UNPACK = JobKind("import.unpack", queue="batch")  # {"archive": pk of ImportArchive}


def take(
    *, upload: Import, name: str, stream: ByteStream, archive: ImportArchive | None = None
) -> Item | ImportArchive | Refusal:
    """Store a file and write its row, or say why it becomes nothing; of that, nothing is written.

    archive: the zip it comes in; a zip in a zip is refused.
    """
    if reason := junk_reason(name):
        return Refusal("junk", reason)
    peeked = Peeked(stream)
    found = peeked.file_type
    if refusal := mesh_refusal(name, found):
        return refusal
    if archive and found.can_be(Kind.ARCHIVE):
        reason = f"{name} is a zip inside a zip; unpack it, or upload it by itself"
        return Refusal("nested_archive", reason)
    try:
        blob = blob_put(peeked, name=name)
    except TooLarge as error:
        return Refusal(error.code, f"{error}; {error.hint}")
    if found.can_be(Kind.ARCHIVE):
        return _archive_create(upload, name, blob.sha256)
    return _item_create(upload, name, blob.sha256, archive)


def left_out_entry(archive: ImportArchive, entry: int, name: str, refusal: Refusal) -> ImportLeftOut:
    """An unwritten row of an entry of a zip that becomes nothing."""
    return ImportLeftOut(
        upload=archive.upload,
        archive=archive,
        entry=entry,
        name=stored_name(name),
        code=refusal.code[:40],
        reason=stored_name(refusal.reason),
    )


def _archive_create(upload: Import, name: str, sha256: str) -> ImportArchive:
    with transaction.atomic():
        archive, made = ImportArchive.objects.get_or_create(upload=upload, name=name, sha256=sha256)
        if made:
            job_enqueue(
                kind=IMPORT_UNPACK,
                payload={"archive": archive.pk},
                subject=f"import:{upload.pk}",
                owner=upload.owner_id,
            )
    return archive


def _item_create(upload: Import, name: str, sha256: str, archive: ImportArchive | None) -> Item | Refusal:
    own = {"upload": upload, "name": name, "archive": archive}
    item, made = Item.objects.get_or_create(sha256=sha256, defaults=own)
    if made or (item.upload_id == upload.pk and item.name == name):
        return item
    # A file refused once may be read by now, and whoever sends it learns anew what is wrong with it.
    adopted = Item.objects.filter(pk=item.pk, state=Item.State.REJECTED).update(
        **own, state=Item.State.WAITING, queued=False, error_code="", error="", hint=""
    )
    if adopted:
        item.refresh_from_db()
        return item
    return Refusal("duplicate", f"the gallery has this very file as {item.name}")


def mesh_refusal(name: str, found: FileType, *, zips: bool = True) -> Refusal | None:
    """Why a file can hold no mesh, and what to do; None for one that may, or for a zip.

    zips: whether a zip of meshes would do.
    """
    if found.kind is Kind.EMPTY:
        return Refusal("empty", f"{name} is empty; export it again")
    if found.can_be(Kind.MESH) or found.can_be(Kind.ARCHIVE):
        return None
    if found is UNKNOWN and claims(name, Kind.MESH):
        return None  # perhaps a damaged one, of which the reader can say more
    if found is UNKNOWN:
        found = unread_type(name)
    what, wanted = f"{name} is {found.phrase}", listed(Kind.MESH)
    if found.name == "zip part":
        return Refusal("split_zip", f"{what}; pack the files again as one zip")
    if found.kind is Kind.MESH:
        return Refusal(found.code, f"{what}, which is not read here; {found.remedy}")
    if found.kind is Kind.ARCHIVE:
        return Refusal(
            "other_archive", f"{what}, which is not unpacked here; unpack it, and pack it as a zip"
        )
    but = "" if found is UNKNOWN else f" but {found.phrase}"
    wanted += " files, or a zip of them" if zips else " files"
    return Refusal("not_a_mesh", f"{name} is not a mesh{but}; send {wanted}")
