"""What can be wrong with a zip, or with one entry of it."""

from common.errors import BadInput


class BadArchive(BadInput):
    """A zip that cannot be unpacked at all."""

    code = "bad_archive"


class BadEntry(BadInput):
    """An entry that must not be read, or turned out, while it was read, to be damaged or to lie."""

    code = "damaged_entry"
