"""Refusals of whole blocks and their scans."""

from django.utils.translation import gettext_noop as _

BLOCK_WORDS: dict[str, tuple[str, str]] = {
    "no_name": (_("A woodblock needs a name."), _("Write its name or its number.")),
    "too_long_text": (_("The text is too long."), _("Shorten it.")),
    "bad_face": (_("This face does not exist."), _("Choose front or back.")),
    "bad_unit": (_("This unit does not exist."), _("Choose one of the list.")),
    "scan_not_ready": (_("The scan has not been read yet."), _("Wait a moment.")),
    "item_placed": (_("This item is on a block already."), _("Take it out there.")),
    "too_many_characters": (
        _("The text has more characters than the face."),
        _("Mend the boxes or the text first."),
    ),
    "place_deleted": (_("Its box on the block was deleted."), _("Bring the box back on the block's page.")),
    "no_gap": (_("A gap is not looked for on a face."), _("Cut it with the scissors.")),
    "no_snap": (_("Boxes of a face are not fitted to ink."), _("Move their sides.")),
    # uploads in pieces
    "bad_length": (_("The upload has no length."), _("Start the upload again.")),
    "bad_offset": (_("The bytes have no place in the file."), _("Start the upload again.")),
    "bad_metadata": (_("What is said of the upload cannot be read."), _("Start the upload again.")),
    "bad_checksum": (_("The checksum cannot be read."), _("Start the upload again.")),
    "wrong_offset": (_("The upload goes on elsewhere in the file."), _("Start the upload again.")),
    "wrong_checksum": (_("The bytes did not arrive as they were sent."), _("Send them again.")),
    "upload_busy": (_("This upload is being written already."), _("Wait a moment.")),
    "tus_version": (_("The program speaks another version of tus."), _("Use tus 1.0.0.")),
    "tus_type": (_("The bytes come as another type."), _("Use tus 1.0.0.")),
    # tables of blocks
    "bad_table": (_("The table of blocks cannot be read."), _("Save it as CSV in UTF-8, with a header.")),
    # blocks made again
    "bad_plan": (_("The page cannot be made a block."), _("Check its boxes and its size.")),
    "rebuild_no_ink": (_("The print shows no ink."), _("Check the picture.")),
    "rebuild_no_item": (_("A carving that is named is not in the gallery."), _("Choose another one.")),
    "rebuild_too_thin": (_("The block is too thin for so deep a carving."), _("Make it thicker.")),
    "rebuild_few": (_("So few triangles cannot show a face."), _("Allow more.")),
}
