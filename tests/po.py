"""Translations as they are written down, and the texts of the sources that ask for one."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from webapp.config.env import ROOT

FOLDER = ROOT / "locale"
_TEXT = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_CALL = re.compile(rf"(?<![\w.])(?:_|n?gettext(?:_lazy|_noop)?)\(\s*u?({_TEXT})")


@dataclass(frozen=True)
class Entry:
    """msgid, its plural where it has one, all that it is translated to, and whether that is a guess."""

    msgid: str
    plural: str
    said: tuple[str, ...]
    fuzzy: bool


def entries(path: Path) -> list[Entry]:
    """The entries of a .po file; the header is left out."""
    read = (_entry(block) for block in path.read_text("utf-8").split("\n\n"))
    return [entry for entry in read if entry and entry.msgid]


def _entry(block: str) -> Entry | None:
    fields: dict[str, str] = {}
    field = ""
    for line in block.splitlines():
        if found := re.match(r"(msgid_plural|msgid|msgstr(?:\[\d\])?) (\".*\")$", line):
            field = found[1]
            fields[field] = ast.literal_eval(found[2])
        elif line.startswith('"'):
            fields[field] += ast.literal_eval(line)
    if not fields:
        return None
    said = tuple(text for field, text in fields.items() if field.startswith("msgstr"))
    return Entry(fields["msgid"], fields.get("msgid_plural", ""), said, "#, fuzzy" in block)


def asked_by_pages() -> set[str]:
    """Every text for which a template, or Python, asks for a translation."""
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        found |= _asked(templatize(path.read_text("utf-8")))
    for room in ("common", "webapp"):
        for path in (ROOT / room).rglob("*.py"):
            found |= _asked_by_python(ast.parse(path.read_text("utf-8")))
    return found


def asked_by_scripts() -> set[str]:
    """Every text for which a page's script asks for a translation."""
    found = set()
    for path in (ROOT / "static" / "js").rglob("*.js"):
        found |= _asked(path.read_text("utf-8"))
    return found


def _asked(source: str) -> set[str]:
    return {ast.literal_eval(text) for text in _CALL.findall(source)}


def _asked_by_python(tree: ast.AST) -> set[str]:
    names = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        if node.args and isinstance(node.args[0], ast.Constant)
    }
