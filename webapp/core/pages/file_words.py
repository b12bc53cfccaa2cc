"""The file types that Mocban reads, as pages name them."""

from django.utils.translation import gettext

from common.file_types import Kind, labels_of


def listed_in_words(kind: Kind) -> str:
    """The types of a kind that are read, in the reader's language, with "or" before the last."""
    *some, last = labels_of(kind)
    return gettext("%(some)s or %(last)s") % {"some": ", ".join(some), "last": last} if some else last
