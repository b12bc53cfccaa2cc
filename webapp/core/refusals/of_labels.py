"""Refusals of files of labels."""

from django.utils.translation import gettext_noop as _

LABEL_WORDS: dict[str, tuple[str, str]] = {
    "bad_labels": (_("The file is not a table of labels."), _("Export the labels again, as CSV in UTF-8.")),
    "no_labels": (_("The file contains no labels."), _("Export it again, and check that it has labels.")),
    "not_importable": (
        _("This format does not contain everything that a label says."),
        _("Export the same labels as CSV, JSON Lines or Label Studio, and import that."),
    ),
    "bad_encoding": (_("The file is not text in UTF-8."), _("Save it as CSV UTF-8.")),
    "too_many_labels": (_("The file has too many labels."), _("Split it into several files.")),
    "import_not_now": (_("That is not possible now."), _("Reload the page.")),
}
