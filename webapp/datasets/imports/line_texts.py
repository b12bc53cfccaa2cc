"""What is said of single lines of a file: written down once, in English, and read in any language."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = (
    _("%s is no SHA-256"),
    _("no picture is named"),
    _("it says nothing of the picture"),
    _("%s is no verdict"),
    _("a match names no block"),
    _("there are more cells than columns"),
    _("the further matches cannot be told apart"),
    _("%s is not a codepoint; write it as U+583D"),
    _("%s lies outside Unicode"),
    _("it is no JSON object"),
    _("it is nested too deeply"),
    _("it is no JSON: %s"),
    _("it is no label as Mocban writes them"),
    _("it is no task as Label Studio writes them"),
    _("its annotations differ, and none is marked as the truth"),
    _("no picture here has this content"),
    _("the file gives no hash of it"),
    _("several pictures of the batch have this name"),
    _("no picture of the batch has this name"),
    _("no block has the digest %s"),
    _("there is no block No. %s"),
    _("the block %s shows %s here, and %s in the file"),
    _("%s blocks are called %s"),
    _("no block is called %s"),
    _("%s is no relation"),
    _("%s is no reason"),
    _("it holds characters that are none"),
    _("it names too many blocks"),
    _("the comment is too long"),
    _("line %s says the same of this picture"),
    _("line %s says otherwise of this picture"),
    _("the label here says so by now"),
    _("somebody answered it since the file was read"),
    _("a reviewer has settled this picture"),
    _("this batch is the work of others"),
)
_SHAPES = [(word, re.compile(re.escape(word).replace("%s", "(.+)"), re.DOTALL)) for word in WORDS]


def word_in_words(word: str) -> str:
    """One of ``WORDS`` in the reader's language; as it was written down where it is not known."""
    for shape, pattern in _SHAPES:
        if found := pattern.fullmatch(word):
            return gettext(shape) % found.groups() if found.groups() else gettext(shape)
    return word
