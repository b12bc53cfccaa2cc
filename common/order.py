"""The order in which people count: page 2 before page 10."""

import re
import unicodedata

_NUMBER = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple:
    """Sort key by which numbers in names are compared as numbers, folder by folder, in any script's digits.

    Large and small letters come together; names that differ in nothing else come in the order of their
    codepoints. static/js/upload/order.js is the same rule for the pages.

    name: a file's name, or its path with "/" between folders.
    """
    return tuple(_part_key(part) for part in name.casefold().split("/")), name


def _part_key(part: str) -> tuple:
    return tuple(_run_key(run) for run in _NUMBER.split(part) if run)


def _run_key(run: str) -> tuple[bool, int, str]:
    if not run[0].isdecimal():
        return True, 0, run
    digits = "".join(str(unicodedata.decimal(char)) for char in run).lstrip("0")
    return False, len(digits), digits  # longer is larger, and no number is too long to be one
