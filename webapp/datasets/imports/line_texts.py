"""What is said of single lines of a file: written down once, in English, and read in any language."""

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
    _("not JSON: %s"),
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
_SHAPES = [(word, re.compile(re.escape(word).replace("%s", "(.+)"), re.DOTALL)) for word in WORDS]


def word_in_words(word: str) -> str:
    """One of ``WORDS`` in the reader's language; as it was written down where it is not known."""
    for shape, pattern in _SHAPES:
        if found := pattern.fullmatch(word):
            return gettext(shape) % found.groups() if found.groups() else gettext(shape)
    return word
