"""Refusals of pages, their boxes, and files of boxes."""

from django.utils.translation import gettext_noop as _

PAGE_WORDS: dict[str, tuple[str, str]] = {
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
    "page_too_large": (_("The page has too many pixels."), _("Scan it with fewer dots per inch.")),
    "pdf_password": (
        _("The PDF is protected by a password."),
        _("Save it without a password, then upload it again."),
    ),
    "pdf_damaged": (_("The PDF is damaged."), _("Export it again, then upload it.")),
    "pdf_empty": (_("The PDF has no pages."), _("Export it again, then upload it.")),
    "bad_field": (_("The text is too long or cannot be kept."), _("Shorten it.")),
    "match_decided": (_("This match was decided already."), _("Undo that first.")),
    "page_not_ready": (_("The page has not been read yet."), _("Wait a moment.")),
    "edited_meanwhile": (
        _("Somebody else edited this box meanwhile."),
        _("Look at it, then edit it again if need be."),
    ),
    "box_gone": (_("The box has been deleted."), _("Reload the page.")),
    "box_outside": (_("The box is outside the page."), _("Draw it on the page.")),
    "box_too_small": (_("The box is too small."), _("Draw it around the character.")),
    "bad_box": (_("A box needs a place and a size."), _("Reload the page.")),
    "too_few_boxes": (_("One box alone cannot be merged."), _("Select two or more.")),
    "too_many_boxes": (_("The page has too many boxes."), _("Delete some first.")),
}
