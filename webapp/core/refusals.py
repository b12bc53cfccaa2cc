"""Refusals in the reader's language.

A refusal is written down once, in English, with names and numbers in its words; whoever reads it later may
read another language. For those readers its code stands for a sentence that says the same without them.
"""

import re

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from common.file_types import Kind
from webapp.core.errors import AppError
from webapp.core.page_refusals import PAGE_WORDS
from webapp.core.pages.file_words import listed_in_words
from webapp.core.refusal_numbers import place_and_size

_ENGLISH = "en"
_AGAIN = _("Copy or export it again, then upload it.")
_ZIP_AGAIN = _("Create the zip again, then upload it.")
_FORMATS = _("Save it as %(pictures)s.")
_MESHES = _("Export it as %(meshes)s.")

WORDS: dict[str, tuple[str, str]] = {
    # files
    "empty": (_("The file is empty."), _AGAIN),
    "duplicate": (_("This file is here already."), ""),
    "junk": (_("A system file; it was left out."), ""),
    "too_large": (_("The file is too large."), _("Make it smaller or split it.")),
    "disk_full": (_("The server's disk is full."), _("Tell a curator.")),
    "database_newer": (
        _("The database was written by a newer version of Mocban."),
        _("Start that version again, or restore the backup from before the upgrade."),
    ),
    "blob_missing": (_("The stored file is missing."), _("Tell an operator: restore it from the backup.")),
    "blob_damaged": (_("The stored file is damaged."), _("Tell an operator: restore it from the backup.")),
    "no_store": (_("The folder of stored files is missing."), _("Tell an operator: mount the data folder.")),
    "unexpected": (_("Something went wrong in the program."), _("Try again, or tell a curator.")),
    "error": (_("Something went wrong."), _("Try again, or tell a curator.")),
    "installation": (_("The installation has a problem."), _("Tell an operator.")),
    "refused": (_("This is not possible."), ""),
    "forbidden": (_("You don't have permission to do this."), ""),
    "conflict": (_("It has changed meanwhile, or is not ready yet."), _("Reload the page.")),
    "bad_input": (_("The file or the value cannot be used."), ""),
    "file_missing": (_("The file does not exist."), _("Check its path.")),
    "file_too_large": (_("The file is too large."), _("Make it smaller or split it.")),
    "file_unreadable": (_("The file cannot be read."), _("Check the disk and the file's permissions.")),
    "path_missing": (_("There is no file or folder at this path."), _("Check the path.")),
    "not_a_folder": (_("This is not a folder."), _("Name the folder that holds the files.")),
    "worker_lost": (_("Processing was interrupted several times."), _("Tell a curator.")),
    "gone": (_("It has been deleted."), _("Reload the page.")),
    "bad_upload": (_("The upload had no files."), _("Send it again.")),
    # pictures
    "not_a_picture": (_("This is not a picture."), _FORMATS),
    "bad_image": (_("The picture cannot be read."), _FORMATS),
    "image_empty": (_("The picture is empty."), _AGAIN),
    "image_unknown_format": (_("This picture format is not supported."), _FORMATS),
    "image_camera_raw": (
        _("This is a camera raw file."),
        _("Convert it with the camera's software to TIFF or JPEG."),
    ),
    "more_pages": (
        _("The file has several pages; the first one is used."),
        _("Save the other pages as separate files and upload those."),
    ),
    "image_damaged": (_("The picture is damaged."), _AGAIN),
    "image_truncated": (_("The picture file is incomplete."), _AGAIN),
    "image_too_large": (
        _("The picture has too many pixels."),
        _("Crop the character or make the picture smaller."),
    ),
    # meshes
    "not_a_mesh": (_("This is not a mesh."), _MESHES),
    "bad_mesh": (_("The mesh cannot be read."), _MESHES),
    "mesh_points": (
        _("This is a point cloud without a surface."),
        _("Create a surface from the points in the scanner software, and export it as STL or PLY."),
    ),
    "mesh_drawing": (_("This is a CAD drawing."), _("Export it from the CAD program as STL.")),
    "mesh_other_format": (
        _("This is a 3D scene in a format that is not supported."),
        _("Open it in Blender or MeshLab, and export it as STL or PLY."),
    ),
    "other_archive": (
        _("This kind of archive is not unpacked here."),
        _("Unpack it, and pack the files as a zip."),
    ),
    "mesh_empty": (_("The mesh file is empty."), _AGAIN),
    "mesh_unknown_format": (_("This mesh format is not supported."), _MESHES),
    "mesh_unreadable": (_("The mesh cannot be read."), _MESHES),
    "mesh_truncated": (_("The mesh file is incomplete."), _AGAIN),
    "mesh_bad_index": (_("The mesh file is damaged."), _AGAIN),
    "mesh_compressed": (_("The GLB is compressed."), _("Export it again without mesh compression.")),
    "mesh_extension": (
        _("The GLB needs a glTF extension that is not supported."),
        _("Export it again without extensions, or as binary STL."),
    ),
    "mesh_outside_file": (
        _("The GLB keeps its geometry in another file."),
        _("Export it again as one self-contained GLB file."),
    ),
    "mesh_no_triangles": (
        _("The mesh has no triangles."),
        _("Export it again as binary STL, as a surface and not only points."),
    ),
    "mesh_not_finite": (
        _("The mesh has vertices that are not finite numbers."),
        _("Repair it in the scanner software and export it again."),
    ),
    "mesh_decimal_comma": (
        _("The numbers of the mesh have decimal commas."),
        _("Export it again with decimal points."),
    ),
    "mesh_too_far": (
        _("The mesh is so far from the origin that its details are lost."),
        _("Move the mesh to the origin in the scanner software and export it again."),
    ),
    "mesh_no_extent": (
        _("The mesh has no size: all its triangles lie on one line or in one point."),
        _("Check the units of the export."),
    ),
    "block_no_carving": (
        _("No carving was found on the scan."),
        _("Scan the printing side, with its strokes; this may be the back, or another thing."),
    ),
    "block_unit": (
        _("A woodblock cannot be of this size."),
        _("Name the unit of the file, or scale it."),
    ),
    "mesh_no_relief": (
        _("The mesh has no relief."),
        _("Check that the file contains the carved face of a block."),
    ),
    "mesh_too_large": (
        _("The mesh has too many triangles."),
        _("Simplify the mesh or cut out one character."),
    ),
    "item_refused": (_("The mesh was rejected."), ""),
    # zips
    "bad_archive": (_("The zip cannot be unpacked."), _ZIP_AGAIN),
    "not_a_zip": (_("This is not a zip."), _("Pack the files into a zip.")),
    "damaged_zip": (_("The zip is damaged."), _ZIP_AGAIN),
    "truncated_zip": (_("The zip is incomplete."), _("Upload it again.")),
    "split_zip": (_("This is one part of a split zip."), _("Pack it again as one zip.")),
    "too_many_entries": (_("The zip contains too many files."), _("Split it into several zips.")),
    "zip_too_large": (_("The zip unpacks to too much data."), _("Split it into several zips.")),
    "zip_bomb": (
        _("It unpacks to far too much data, like a zip bomb."),
        _("Upload the file separately."),
    ),
    "nested_archive": (_("An archive inside a zip."), _("Unpack it or upload it separately.")),
    "encrypted": (_("It is protected by a password."), _("Create the zip without a password.")),
    "unsupported_compression": (
        _("It uses an unusual compression method."),
        _("Create an ordinary zip (Deflate)."),
    ),
    "damaged_entry": (_("It is damaged in the zip."), _ZIP_AGAIN),
    "overlapping": (_("It shares its data with another entry, like a zip bomb."), _ZIP_AGAIN),
    "bad_name": (_("This name cannot be used."), _("Choose another name.")),
    "path_traversal": (_("Its path points outside the zip."), _("Zip the file separately.")),
    "absolute_path": (_("Its path starts at the disk's root."), _("Zip the folder, not the whole path.")),
    "drive_path": (_("Its path contains a drive letter."), _("Zip the folder, not the whole path.")),
    "symlink": (_("It is a link to another file."), _("Put the file itself into the zip.")),
    "special_file": (_("It is not an ordinary file."), _("Leave it out of the zip.")),
    # pages
    "bad_boxes": (_("The file of boxes cannot be read."), _("Export it again.")),
    "not_boxes": (_("This is no file of boxes."), _("Use one of the formats on the page.")),
    "unknown_pages": (
        _("No page in the file is a page of the document."),
        _("Name the pages in the file as the pictures are named."),
    ),
    "bad_manifest": (
        _("This is no IIIF manifest of a book's pictures."),
        _("Download the manifest again."),
    ),
    "host_not_allowed": (
        _("Nothing may be fetched from this host."),
        _("An operator can allow it: MOCBAN_IIIF_HOSTS."),
    ),
    "empty_text": (_("There are no Han characters in the text."), _("Check the file.")),
    # answers, batches, items
    "rejected_query": (_("The picture could not be read."), ""),
    "not_ready": (_("It is not ready yet."), _("Wait a moment.")),
    "bad_item": (_("This block cannot be chosen."), _("Choose another block.")),
    "bad_verdict": (_("This is not a valid answer."), _("Reload the page.")),
    "bad_fit": (_("The place of the block on the picture cannot be used."), ""),
    "bad_relation": (_("The relation does not fit the answer."), ""),
    "bad_reason": (_("The reason does not fit the answer."), ""),
    "bad_comment": (_("The comment is too long."), ""),
    "bad_client_key": (_("The answer has no key."), _("Reload the page.")),
    "key_used": (_("The answer's key was already used for another answer."), _("Reload the page.")),
    "nothing_to_withdraw": (_("There is no answer to undo."), ""),
    "card_changed": (_("The card has changed."), _("Look again, or send your answer anyway.")),
    "still_comparing": (_("The gallery is still being searched."), _("Try again in a moment.")),
    "settled": (_("A reviewer has settled this picture."), _("Continue with the next one.")),
    "not_assigned": (_("This batch is assigned to others."), _("Ask its owner to assign it to you.")),
    "too_many": (_("These are too many pictures at a time."), _("Confirm fewer pictures.")),
    "bad_threshold": (_("The threshold must be between 0 and 1."), ""),
    "being_undone": (_("These answers are being undone."), ""),
    "item_gone": (_("This block is no longer in the gallery."), _("Choose another block.")),
    "bad_also": (_("The additional matches do not fit the answer."), ""),
    "bad_shown": (_("The request cannot be read."), _("Reload the page.")),
    "bad_remark": (_("A comment needs text or a flag."), ""),
    "no_label": (_("There is no label to approve."), _("Settle it or send it back.")),
    "no_comment": (_("Write what the annotators should look at."), ""),
    "not_settled": (_("Only a settled picture can be a gold card."), _("Settle it first.")),
    "bad_settings": (_("The batch settings are not valid."), ""),
    "bad_order": (_("This order does not exist."), ""),
    "answered_by_others": (
        _("Other people have answered pictures in this batch."),
        _("Ask a curator to delete it."),
    ),
    "has_answers": (_("The batch has answers."), _("Confirm that they may be deleted too.")),
    "several_characters": (_("These are several characters."), _("Enter one character.")),
    "description_sequence": (
        _("This describes a character by its components."),
        _("Enter the character itself; where it has no codepoint, one of the private use area."),
    ),
    "loose_selector": (
        _("A variation selector must follow its character, one at most."),
        _("Enter the character, then its selector."),
    ),
    "not_han": (_("This is not a Han character."), _("Enter one character, or its codepoint as U+6F22.")),
    "unassigned_codepoint": (
        _("Unicode 17 has no character at this codepoint."),
        _("Check the codepoint."),
    ),
    "bad_codepoint": (_("This is not a codepoint."), _("Write it as U+6F22.")),
    "bad_handedness": (_("This is not a valid value for mirroring."), ""),
    "bad_turn": (_("This is not a quarter turn."), ""),
    "bad_format": (_("This format does not exist."), ""),
    "bad_json": (_("The request cannot be read."), _("Reload the page.")),
    "bad_state": (_("This state does not exist."), ""),
    "export_failed": (_("The export failed."), _("Try again, or tell a curator.")),
    "file_changed": (_("The file has changed."), _("Export again.")),
    "file_gone": (_("The file of this export has been removed."), _("Export again.")),
    "bad_characters": (
        _("The list of characters cannot be read."),
        _("Save it as CSV in UTF-8, with a name and a character in every line."),
    ),
    # snapshots and models
    "bad_set": (_("The test set cannot be read."), _("Check its folder and its list.")),
    "set_items_missing": (
        _("The test set names blocks that are not there."),
        _("Check the list of blocks and their files."),
    ),
    "bad_method": (_("This method does not exist, or does not fit its weights."), ""),
    "bad_ids": (_("The ids of the index are not valid."), _("Tell a curator.")),
    "bad_count": (_("The number of neighbours is not valid."), _("Tell a curator.")),
    "index_missing": (_("A file of the search index is missing."), _("It is built again by itself.")),
    "index_damaged": (_("The search index is damaged."), _("It is built again by itself.")),
    "index_not_written": (_("The search index could not be written."), _("Check the server's disk.")),
    "index_other_model": (_("The index was built with another model."), _("It is built again by itself.")),
    "no_graphics": (_("The server cannot render meshes."), _("Tell an operator: EGL is missing.")),
    "sample_not_prepared": (_("The sample data could not be prepared."), _("Look at the workers' log.")),
    "evaluation_failed": (_("The evaluation failed."), _("Try again, or tell a curator.")),
    "promotion_failed": (_("The promotion failed."), _("The live model stays live. Try again.")),
    "run_failed": (_("The training run failed."), _("Look at its log, then resume it.")),
    "snapshot_failed": (_("The snapshot could not be created."), _("Try again, or tell a curator.")),
    "bad_note": (_("The note is too long."), ""),
    "bad_split": (_("This split does not exist."), ""),
    "bad_snapshot": (
        _("A file of the snapshot was changed, damaged or lost."),
        _("Restore it from a backup, or create a new snapshot."),
    ),
    "bad_model": (
        _("This file is not a model that can be used here."),
        _("Copy it again or train it again."),
    ),
    "useless_model": (
        _("The model fails its own trial: its weights are of no use."),
        _("The live model stays live. Train it again, and look at its evaluation."),
    ),
    "bad_vectors": (_("The model is broken."), _("Tell a curator. It is tried again by itself.")),
    "bad_index": (_("The search index is broken."), _("Tell a curator. It is tried again by itself.")),
    "index_recall": (_("The new index does not find enough; the older one goes on."), ""),
    "damaged_model": (_("The weights file is damaged."), _("Copy it again.")),
    "other_recipe": (
        _("These weights are here already with another recipe."),
        _("Save them again with their recipe."),
    ),
    "other_model": (_("The index was built with another model."), ""),
    "model_missing": (_("The weights file is missing."), _("Import the model again.")),
    "no_release": (_("No model is live yet."), _("Tell a curator.")),
    "already_live": (_("This model is already live."), ""),
    "nothing_to_learn": (
        _("The snapshot's training set has no match whose block is in the gallery."),
        _("Label more pictures, create another snapshot and train on that."),
    ),
    "bad_recipe": (_("This recipe does not exist."), ""),
    "bad_objective": (_("This training objective does not exist."), ""),
    "run_over": (_("The training run is no longer in that state."), _("Reload the page.")),
    "folder_taken": (_("Another process is still working on it."), _("Try again in a minute.")),
    "nothing_to_ask": (
        _("The snapshot's test set has no query whose match is in the gallery."),
        _("Label more pictures, create another snapshot and evaluate on that."),
    ),
    "bad_evaluation": (_("That evaluation is of another model."), ""),
    "stale_evaluation": (
        _("Another model has gone live since this evaluation."),
        _("Evaluate it against the model that is live now."),
    ),
    "gate_closed": (
        _("A check failed, or the model has not been evaluated."),
        _("Give a reason for promoting it anyway."),
    ),
    "audit_failed": (_("The audit failed."), _("Try again, or tell a curator.")),
    # files of labels
    "bad_labels": (_("The file is not a table of labels."), _("Export the labels again, as CSV in UTF-8.")),
    "no_labels": (_("The file contains no labels."), _("Export it again, and check that it has labels.")),
    "not_importable": (
        _("This format does not contain everything that a label says."),
        _("Export the same labels as CSV, JSON Lines or Label Studio, and import that."),
    ),
    "bad_encoding": (_("The file is not text in UTF-8."), _("Save it as CSV UTF-8.")),
    "too_many_labels": (_("The file has too many labels."), _("Split it into several files.")),
    "import_not_now": (_("That is not possible now."), _("Reload the page.")),
    # webhooks
    "bad_hook_name": (_("A webhook needs a name."), _("Use at most 100 characters.")),
    "bad_address": (_("This address cannot be used."), _("Write it as https://example.org/path.")),
    "inner_address": (
        _("The address is in the server's own network."),
        _("An operator can allow it: MOCBAN_HOOK_NETWORKS."),
    ),
    "no_such_host": (_("There is no host with this name."), ""),
    "same_address": (_("There is already a webhook for this address."), _("Change that webhook.")),
    "bad_events": (_("Choose at least one event."), ""),
    "too_many_hooks": (_("There are too many webhooks."), _("Delete one.")),
    "key_changed": (
        _("The webhook's secret was created with another key of the installation."),
        _("Create a new secret and give it to the receiver."),
    ),
    "switched_off": (_("The webhook is off."), _("Turn it on first.")),
    "redirect": (_("The receiver redirected to another address."), _("Use that address instead.")),
    "bad_status": (_("The receiver answered with an error."), ""),
    "timed_out": (_("The receiver did not answer in time."), ""),
    "no_connection": (_("There was no connection, or it was interrupted."), ""),
    "bad_certificate": (_("There is no secure connection: the certificate is not valid."), ""),
    "bad_answer": (_("The receiver does not speak HTTP."), ""),
    "promotion_under_way": (_("Another model is being promoted."), _("Wait until that is done.")),
    **PAGE_WORDS,
}


def in_words(code: str, message: str, hint: str = "") -> tuple[str, str]:
    """The message and hint of a refusal, in the reader's language.

    Readers of English, and of a refusal whose code is not known, get the words as they were written down.
    """
    if (get_language() or _ENGLISH).startswith(_ENGLISH) or code not in WORDS:
        return message, hint
    words, hint = WORDS[code]
    return gettext(words) + place_and_size(message), _with_types(gettext(hint)) if hint else ""


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
    _("%s numbers that the header does not declare were left out."),
    _("%s lines after the last row that the header announces were left out."),
    _("The %s solids of the file were joined."),
    _("The %s parts of the scene were joined."),
    _("Turned by %s degrees, so that the scan's edges stand upright."),
    _("The winding of the triangles shows the back: the raised strokes decided which side is read."),
    _("Two sides look carved: the one whose strokes stand out more is read."),
    _("The large plane that the block lies on was left out."),
    _("%s small loose pieces were left out."),
    _("A rim that stands higher than the strokes was left out of the print."),
    _("Many characters seem to be carved here: it was read as one."),
    _("Nothing carved was found: the surface was read as it is."),
    _("1 triangle with corners that are not finite numbers was left out."),
    _("1 triangle without area was left out."),
    _("1 triangle far away from all others was left out."),
    _("1 vertex on the same spot as another was merged."),
    _("1 byte after the last triangle was left out."),
    _("1 small loose piece was left out."),
)
_SHAPES = [(note, re.compile(re.escape(note).replace("%s", "(.+)"))) for note in NOTES]


def note_in_words(note: str) -> str:
    """What was repaired of a mesh, in the reader's language; as it was written down where it is not known."""
    for shape, pattern in _SHAPES:
        if found := pattern.fullmatch(note):
            return gettext(shape) % found.groups()
    return note
