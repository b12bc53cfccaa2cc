"""The texts of the pages' scripts: which catalogue a page loads."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse


def texts_url(language: str) -> str:
    """Address of the scripts' texts; empty for the language that they are written in."""
    if language == settings.LANGUAGE_CODE:
        return ""
    return reverse("core:texts", args=[language, texts_version(language)])


@cache
def texts_version(language: str) -> str:
    """Changes whenever the language's compiled texts do; "0" where it has none."""
    digest = hashlib.sha256()
    for folder in settings.LOCALE_PATHS:
        path = Path(folder) / language / "LC_MESSAGES" / "djangojs.mo"
        if not path.is_file():
            return "0"
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
