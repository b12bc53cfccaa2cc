"""Every code that anything can refuse with is said in every language: the sources are gone through."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from webapp.core.refusals.words import WORDS, in_words

ROOT = Path(__file__).parents[3]
ROOMS = ("common", "retrieval", "webapp", "workers")
GENERAL = {"Refused", "Conflict", "Forbidden", "MocbanError", "AppError", "BadInput"}
"""Errors whose own code says nothing: whoever raises one names the reason."""
AT_A_TERMINAL = ("retrieval/", "webapp/operations/")
"""What commands alone call: a terminal shows the refusal as it is, and nothing keeps it."""
SAID_THERE = {"csrf", ""}
"""Pages that write their own words, and rows without an error."""


def sources() -> Iterator[tuple[str, ast.AST]]:
    """File and node of all the sources."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            file = str(path.relative_to(ROOT))
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                yield file, node


def texts(node: ast.AST | None) -> list[str]:
    """The constant texts that an expression can be."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return []


def name_of(call: ast.AST) -> str:
    function = call.func if isinstance(call, ast.Call) else None
    return getattr(function, "id", "") or getattr(function, "attr", "")


def codes_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.keyword) and node.arg in {"code", "error_code"}:
        return texts(node.value)
    if isinstance(node, ast.Call) and name_of(node) == "Refusal":
        return texts(node.args[0]) if node.args else []
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if "code" in names:
            return texts(node.value)
        if "refusals" in names and isinstance(node.value, ast.Dict):
            return [text for value in node.value.values for text in texts(value)]
    return []


@pytest.fixture(scope="module")
def codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for file, node in sources():
        for code in codes_in(node):
            found.setdefault(code, f"{file}:{getattr(node, 'lineno', 0)}")
    return {code: place for code, place in found.items() if code not in SAID_THERE}


def test_there_are_words_for_every_code(codes):
    assert len(codes) > 150
    assert {code: place for code, place in codes.items() if code not in WORDS} == {}
    assert "unexpected" in WORDS  # the runner's, for what nobody foresaw


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != "en"])
def test_every_code_is_said_in_the_reader_s_language(codes, language):
    with override(language):
        said = {code: in_words(code, "in English", "do it") for code in WORDS}
    for code, words in said.items():
        for english, translated in zip(WORDS[code], words, strict=True):
            assert bool(english) == bool(translated), code
            assert not english or translated.split("%")[0] != english.split("%")[0], (code, english)


def test_whoever_refuses_names_the_reason():
    nameless = [
        f"{file}:{node.lineno}"
        for file, node in sources()
        if isinstance(node, ast.Raise)
        and name_of(node.exc) in GENERAL
        and not any(keyword.arg == "code" for keyword in node.exc.keywords)
        and not file.startswith(AT_A_TERMINAL)
    ]
    assert nameless == []
