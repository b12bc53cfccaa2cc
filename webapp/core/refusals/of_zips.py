"""Refusals of zips and of what lies in them."""

from django.utils.translation import gettext_noop as _

_ZIP_AGAIN = _("Create the zip again, then upload it.")

ZIP_WORDS: dict[str, tuple[str, str]] = {
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
}
