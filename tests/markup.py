"""A page's markup on one line, so that what a test looks for does not hang on how a template is broken."""

import re


def markup(answer) -> str:
    """The answer's HTML with single spaces, and none beside a tag's brackets."""
    line = re.sub(r"\s+", " ", answer.content.decode())
    return re.sub(r" (?=[<>])|(?<=>) ", "", line)
