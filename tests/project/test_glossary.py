"""The glossary names every model, knows no other, and says what the Vietnamese pages say."""

import re

from django.apps import apps

from tests import po
from webapp.config.env import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| word", "| ---"))
]


def test_every_word_stands_once_and_in_order():
    words = [row[0].lower() for row in ROWS]
    assert words == sorted(set(words))
    assert all(row[1] for row in ROWS)


def test_every_model_has_a_word():
    named = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[3])}
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("webapp.")}
    assert named == models


def test_the_vietnamese_pages_use_its_words():
    catalogues = sorted((po.FOLDER / "vi" / "LC_MESSAGES").glob("*.po"))
    said = " ".join(text for path in catalogues for entry in po.entries(path) for text in entry.said).lower()
    assert [row[4] for row in ROWS if row[4].lower() not in said] == []
