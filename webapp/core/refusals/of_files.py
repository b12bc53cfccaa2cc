"""Refusals of files and of the installation."""

from django.utils.translation import gettext_noop as _

_AGAIN = _("Copy or export it again, then upload it.")

FILE_WORDS: dict[str, tuple[str, str]] = {
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
}
