"""Refusals in the reader's language.

A refusal is written down once, in English, with names and numbers in its words; whoever reads it later may
read another language. For those readers its code stands for a sentence that says the same without them.
"""

import re

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from common.file_types import Kind
from webapp.core.errors import AppError
from webapp.core.file_words import listed_in_words

_ENGLISH = "en"
_AGAIN = _("Copy or export it again, and upload it again.")
_ZIP_AGAIN = _("Make the zip again, and upload it again.")
_FORMATS = _("Save it as %(pictures)s.")
_MESHES = _("Export it as %(meshes)s.")

WORDS: dict[str, tuple[str, str]] = {
    # files
    "empty": (_("The file is empty."), _AGAIN),
    "duplicate": (_("The very same file is here already."), ""),
    "junk": (_("A file that the system made for itself; it was left out."), ""),
    "too_large": (_("The file is larger than is allowed."), _("Make it smaller, or split it.")),
    "disk_full": (_("The server has no room left."), _("Tell a curator.")),
    "database_newer": (
        _("The database was written by a newer version of Mocban."),
        _("Start that version again, or restore the backup from before the upgrade."),
    ),
    "blob_missing": (_("The stored file is missing."), _("Tell an operator: restore it from the backup.")),
    "blob_damaged": (_("The stored file is damaged."), _("Tell an operator: restore it from the backup.")),
    "no_store": (_("The folder of stored files is missing."), _("Tell an operator: mount the data folder.")),
    "worker_lost": (_("The work on it broke off several times."), _("Tell a curator.")),
    "gone": (_("It was deleted meanwhile."), _("Load the page again.")),
    "bad_upload": (_("The upload came without its files."), _("Send it again.")),
    # pictures
    "not_a_picture": (_("This is not a picture."), _FORMATS),
    "bad_image": (_("The picture cannot be read."), _FORMATS),
    "image_empty": (_("The picture is empty."), _AGAIN),
    "image_unknown_format": (_("This is not a picture of a known format."), _FORMATS),
    "image_camera_raw": (
        _("This is a camera's raw picture."),
        _("Develop it in the camera's program, and save it as TIFF or JPEG."),
    ),
    "more_pages": (
        _("The file has several pages; the first is here."),
        _("Save the other pages as files of their own, and upload those."),
    ),
    "image_damaged": (_("The picture is damaged."), _AGAIN),
    "image_truncated": (_("The picture is cut short."), _AGAIN),
    "image_too_large": (
        _("The picture has too many pixels."),
        _("Cut out the character, or make the picture smaller."),
    ),
    # meshes
    "not_a_mesh": (_("This is not a mesh."), _MESHES),
    "bad_mesh": (_("The mesh cannot be read."), _MESHES),
    "mesh_empty": (_("The mesh file is empty."), _AGAIN),
    "mesh_unknown_format": (_("This is not a mesh of a known format."), _MESHES),
    "mesh_unreadable": (_("The mesh cannot be read."), _MESHES),
    "mesh_truncated": (_("The mesh file is cut short."), _AGAIN),
    "mesh_bad_index": (_("The mesh file is damaged."), _AGAIN),
    "mesh_compressed": (_("The GLB is compressed."), _("Export it again without mesh compression.")),
    "mesh_outside_file": (
        _("The GLB keeps its geometry in another file."),
        _("Export it again as one GLB file with everything inside."),
    ),
    "mesh_no_triangles": (
        _("The mesh has no triangles."),
        _("Export it again as binary STL, with its surface and not only its points."),
    ),
    "mesh_not_finite": (
        _("The mesh has corners that are not finite numbers."),
        _("Repair it in the scanner's own program and export it again."),
    ),
    "mesh_no_extent": (_("The mesh has no extent."), _("Check the units of the export.")),
    "mesh_no_relief": (
        _("The mesh shows no relief."),
        _("Check that the file holds the carved face of a block."),
    ),
    "mesh_too_large": (
        _("The mesh has too many triangles."),
        _("Reduce the mesh, or cut out the one character."),
    ),
    "item_refused": (_("The mesh was refused."), ""),
    # zips
    "bad_archive": (_("The zip cannot be unpacked."), _ZIP_AGAIN),
    "not_a_zip": (_("This is not a zip."), _("Pack the files as a zip.")),
    "damaged_zip": (_("The zip is damaged."), _ZIP_AGAIN),
    "truncated_zip": (_("The zip is cut short."), _("Upload it again.")),
    "split_zip": (_("This is one part of a zip that was split."), _("Pack it again as one zip.")),
    "too_many_entries": (_("The zip holds too many files."), _("Split it into several zips.")),
    "zip_too_large": (_("The zip unpacks to more than is allowed."), _("Split it into several zips.")),
    "zip_bomb": (
        _("It unpacks to far more than it should, as a zip bomb does."),
        _("Upload the file by itself."),
    ),
    "nested_archive": (_("An archive inside a zip."), _("Unpack it, or upload it by itself.")),
    "encrypted": (_("It is locked with a password."), _("Make the zip without one.")),
    "unsupported_compression": (_("It is packed in an unusual way."), _("Make an ordinary zip (Deflate).")),
    "damaged_entry": (_("It is damaged in the zip."), _ZIP_AGAIN),
    "overlapping": (_("It shares its data with another entry, as in a zip bomb."), _ZIP_AGAIN),
    "bad_name": (_("The name cannot be used."), _("Write another name.")),
    "path_traversal": (_("Its path points outside the zip."), _("Zip the file by itself.")),
    "absolute_path": (_("Its path begins at the disk's root."), _("Zip the folder, not the whole path.")),
    "drive_path": (_("Its path names a drive."), _("Zip the folder, not the whole path.")),
    "symlink": (_("It is a link to another file."), _("Put the file itself into the zip.")),
    "special_file": (_("It is no ordinary file."), _("Leave it out of the zip.")),
    # answers, batches, items
    "rejected_query": (_("The picture could not be read."), ""),
    "not_ready": (_("It is not ready yet."), _("Wait a moment.")),
    "bad_item": (_("That item cannot be chosen."), _("Choose another item.")),
    "bad_verdict": (_("That is no answer."), _("Load the page again.")),
    "bad_relation": (_("The relation does not fit the answer."), ""),
    "bad_reason": (_("The reason does not fit the answer."), ""),
    "bad_comment": (_("The comment is too long."), ""),
    "bad_client_key": (_("The answer has no key of its own."), _("Load the page again.")),
    "key_used": (_("This answer's key was used for another answer."), _("Load the page again.")),
    "nothing_to_withdraw": (_("There is no answer to take back."), ""),
    "card_changed": (_("The card changed meanwhile."), _("Look again, or give your answer all the same.")),
    "still_comparing": (_("The gallery is still being compared."), _("Ask again in a moment.")),
    "settled": (_("A reviewer has settled this picture."), _("Go on with the next one.")),
    "not_assigned": (_("This batch is the work of others."), _("Ask its owner to assign it to you.")),
    "too_many": (_("These are too many pictures at once."), _("Confirm fewer at a time.")),
    "bad_threshold": (_("The threshold lies between 0 and 1."), ""),
    "being_undone": (_("These answers are being taken back."), ""),
    "item_gone": (_("That item is no longer in the gallery."), _("Choose another item.")),
    "bad_also": (_("The further matches do not fit the answer."), ""),
    "bad_shown": (_("The request cannot be read."), _("Load the page again.")),
    "bad_remark": (_("A remark needs words, or a flag."), ""),
    "no_label": (_("There is no label to approve."), _("Settle it, or send it back.")),
    "no_comment": (_("Say what the annotators should look at."), ""),
    "not_settled": (_("Only a settled picture can be gold."), _("Settle it first.")),
    "bad_settings": (_("The batch's settings do not fit."), ""),
    "bad_order": (_("There is no such order."), ""),
    "has_answers": (_("The batch has answers."), _("Say that they may go too.")),
    "bad_character": (_("That is not a character."), _("Give one character.")),
    "bad_codepoint": (_("That is not a codepoint."), _("Write it as U+6F22.")),
    "bad_handedness": (_("That is no handedness."), ""),
    "bad_format": (_("There is no such format."), ""),
    "bad_json": (_("The request cannot be read."), _("Load the page again.")),
    "bad_state": (_("There is no such state."), ""),
    "export_failed": (_("The export failed."), _("Try again, or tell a curator.")),
    "file_gone": (_("The file of this export was removed."), _("Ask for the export again.")),
    "bad_characters": (
        _("The list of characters cannot be read."),
        _("Save it as CSV in UTF-8, with a name and a character in each line."),
    ),
    # snapshots and models
    "bad_note": (_("The note is too long."), ""),
    "bad_split": (_("There is no such split."), ""),
    "bad_snapshot": (
        _("A file of the snapshot was changed, damaged or lost."),
        _("Put it back from a backup, or freeze a new snapshot."),
    ),
    "bad_model": (_("The file is no model that can be used here."), _("Copy it again, or train it anew.")),
    "damaged_model": (_("The weights file is damaged."), _("Copy it again.")),
    "other_recipe": (
        _("These weights are known with another recipe."),
        _("Save them again with their recipe."),
    ),
    "other_model": (_("The index was built with another model."), ""),
    "model_missing": (_("The weights are gone."), _("Bring their file in again.")),
    "no_release": (_("Nothing answers yet."), _("Tell a curator.")),
    "already_live": (_("This model is live already."), ""),
    "nothing_to_learn": (
        _("The snapshot's training side has no match whose block is in the gallery."),
        _("Label more pictures, freeze another snapshot, and train on that."),
    ),
    "bad_recipe": (_("There is no such recipe."), ""),
    "bad_objective": (_("There is no such training objective."), ""),
    "run_over": (_("The training run is no longer in that state."), _("Load the page again.")),
    "folder_taken": (_("Another process still works on it."), _("Try again in a minute.")),
    "nothing_to_ask": (
        _("The snapshot's test side has no query whose match is in the gallery."),
        _("Label more pictures, freeze another snapshot, and measure on that."),
    ),
    "bad_evaluation": (_("That was not measured with this model."), ""),
    "stale_evaluation": (
        _("Another model went live since this was measured."),
        _("Measure it beside the model that is live now."),
    ),
    "gate_closed": (
        _("A gate is closed, or nothing was measured."),
        _("Say why it is to be promoted all the same."),
    ),
    "audit_failed": (_("The labels could not be weighed."), _("Ask again, or tell a curator.")),
    # files of labels
    "bad_labels": (_("The file is no table of labels."), _("Export the labels again, as CSV in UTF-8.")),
    "no_labels": (_("The file holds no label."), _("Export it again, and look whether it has labels.")),
    "not_importable": (
        _("This format does not say all that a label says."),
        _("Export the same labels as CSV, JSON Lines or Label Studio, and import that."),
    ),
    "bad_encoding": (_("The file is not text in UTF-8."), _("Save it as CSV UTF-8.")),
    "too_many_labels": (_("The file has too many labels."), _("Split it into several files.")),
    "import_not_now": (_("That is not possible now."), _("Load the page again.")),
    # webhooks
    "bad_hook_name": (_("A webhook needs a name."), _("Of 100 characters at most.")),
    "bad_address": (_("That address cannot be used."), _("Write it as https://example.org/path.")),
    "inner_address": (
        _("The address lies in the server's own network."),
        _("An operator can allow it: MOCBAN_HOOK_NETWORKS."),
    ),
    "no_such_host": (_("There is no host of that name."), ""),
    "same_address": (_("There is a webhook to this address already."), _("Change that one.")),
    "bad_events": (_("Say what it is to be told of."), ""),
    "too_many_hooks": (_("There are too many webhooks."), _("Delete one.")),
    "key_changed": (
        _("The webhook's secret was made with another key of the installation."),
        _("Make a new secret, and give it to the receiver."),
    ),
    "switched_off": (_("The webhook is switched off."), _("Switch it on first.")),
    "redirect": (_("The receiver answered with another address."), _("Give that address instead.")),
    "bad_status": (_("The receiver answered with an error."), ""),
    "timed_out": (_("The receiver did not answer in time."), ""),
    "no_connection": (_("There was no connection, or it broke off."), ""),
    "bad_certificate": (_("There is no safe connection: the certificate does not do."), ""),
    "bad_answer": (_("The receiver does not speak HTTP."), ""),
    "promotion_under_way": (_("Another model is being promoted just now."), _("Wait until that is done.")),
}


def in_words(code: str, message: str, hint: str = "") -> tuple[str, str]:
    """The message and hint of a refusal, in the reader's language.

    Readers of English, and of a refusal whose code is not known, get the words as they were written down.
    """
    if (get_language() or _ENGLISH).startswith(_ENGLISH) or code not in WORDS:
        return message, hint
    message, hint = WORDS[code]
    return gettext(message), _with_types(gettext(hint)) if hint else ""


def _with_types(text: str) -> str:
    """The text with the file types that it leaves room for."""
    if "%(" not in text:
        return text
    return text % {"pictures": listed_in_words(Kind.PICTURE), "meshes": listed_in_words(Kind.MESH)}


def in_one_line(code: str, reason: str) -> str:
    """A refusal whose message and hint were written down as one reason, in the reader's language."""
    message, hint = in_words(code, reason)
    return f"{message} {hint}".strip()


def error_in_words(error: AppError) -> tuple[str, str]:
    """An error's message and hint, in the reader's language."""
    return in_words(error.code, str(error), error.hint)


NOTES = (
    _("%s triangles with corners that are not finite numbers were left out."),
    _("%s triangles without area were left out."),
    _("%s triangles far away from all others were left out."),
    _("The file is %s, although its name ends in %s."),
    _("%s vertices on the same spot as another were merged."),
    _("%s bytes after the last triangle were left out."),
    _("The %s solids of the file were joined."),
    _("The %s parts of the scene were joined."),
    _("Turned by %s degrees, so that the scan's edges stand upright."),
)
_SHAPES = [(note, re.compile(re.escape(note).replace("%s", "(.+)"))) for note in NOTES]


def note_in_words(note: str) -> str:
    """What was repaired of a mesh, in the reader's language; as it was written down where it is not known."""
    for shape, pattern in _SHAPES:
        if found := pattern.fullmatch(note):
            return gettext(shape) % found.groups()
    return note
