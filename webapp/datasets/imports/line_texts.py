"""What is said of files of labels and of their lines: written once, in English, read in any language."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = (
    _("%s is not a SHA-256 hash"),
    _("the picture is missing"),
    _("the label is missing"),
    _("%s is not a verdict"),
    _("the match has no block"),
    _("more cells than columns"),
    _("the additional matches cannot be read"),
    _("%s is not a codepoint; write it as U+583D"),
    _("%s is outside Unicode"),
    _("not a JSON object"),
    _("nested too deeply"),
    _("not JSON from character %s on"),
    _("not JSON: %s"),  # of files read by earlier versions
    _("not a label as Mocban exports it"),
    _("not a task as Label Studio exports it"),
    _("its annotations differ, and none is marked as ground truth"),
    _("no picture here has this content"),
    _("the file has no hash for it"),
    _("several pictures in the batch have this name"),
    _("no picture in the batch has this name"),
    _("no block has the digest %s"),
    _("there is no block no. %s"),
    _("the block %s is %s here and %s in the file"),
    _("%s blocks have the name %s"),
    _("no block has the name %s"),
    _("%s is not a relation"),
    _("%s is not a reason"),
    _("it contains invalid characters"),
    _("too many blocks"),
    _("the comment is too long"),
    _("same as line %s"),
    _("contradicts line %s"),
    _("the label here is the same by now"),
    _("somebody has answered it since the file was read"),
    _("a reviewer has settled this picture"),
    _("this batch is assigned to others"),
)
# Why a whole file was refused, and what to do; the longer shapes first, where one is part of another.
FILE_WORDS = (
    _("the file is empty"),
    _("the file holds no label"),
    _("the file has more than %s labels"),
    _("the file is packed with gzip"),
    _("the file is an Excel workbook"),
    _("the file is a spreadsheet"),
    _("the file is a zip"),
    _("the file is one JSON object, not a label on each line"),
    _("the file is an export of the format %s, which does not say all that a label says"),
    _("the file is UTF-16, not UTF-8"),
    _("the file is UTF-32, not UTF-8"),
    _("line %s is not UTF-8; it may be GBK, as Chinese Windows saves"),
    _("line %s is not UTF-8"),
    _("line %s holds a zero byte"),
    _("line %s is too long"),
    _("line %s cannot be split into cells"),
    _("line %s: a cell is too long"),
    _("line %s: something stands behind the end of the list"),
    _("line %s: the JSON is damaged, or ends too early"),
    _("line %s: the JSON is damaged, or is nested too deeply"),
    _("line 1 does not name the columns of a table of labels"),
    _("export the labels again"),
    _("export it again, and look whether it has labels"),
    _("export it again"),
    _("split it into several files"),
    _("unpack it first"),
    _("unpack it, and bring the table of labels in it: %s"),
    _("save it in the spreadsheet as CSV UTF-8, and import that"),
    _("save it as CSV UTF-8; what cannot be read is not guessed at"),
    _("save it as CSV UTF-8"),
    _("save it as text in UTF-8"),
    _("it needs sha256 (or query) for the picture and item (or codepoint) for the block"),
    _("export the same labels as %s, %s, %s or %s, and import that"),
)
_SHAPES = [
    (word, re.compile(re.escape(word).replace("%s", "(.+)"), re.DOTALL)) for word in (*FILE_WORDS, *WORDS)
]


def word_in_words(word: str) -> str:
    """One of ``WORDS`` or ``FILE_WORDS`` in the reader's language; as it was written down where it is not
    known.
    """
    for shape, pattern in _SHAPES:
        if found := pattern.fullmatch(word):
            # Formats have names of their own in other languages; names of files and of blocks stay.
            parts = map(gettext, found.groups()) if shape in FILE_WORDS else found.groups()
            return gettext(shape) % tuple(parts) if found.groups() else gettext(shape)
    return word
