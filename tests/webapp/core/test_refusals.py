"""Every refusal of a page can be told in the reader's language."""

import ast
from collections.abc import Iterator

from webapp.config.env import ROOT
from webapp.core.refusals import WORDS

# Told by words of their own, or raised only as one of the codes beneath them.
ELSEWHERE = {"csrf", "error", "refused", "conflict", "forbidden", "card_changed"}


def codes() -> Iterator[tuple[str, str]]:
    """Each code that the web app gives an error, with where it does."""
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            value = node.value if _gives_a_code(node) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value, f"{path.relative_to(ROOT)}:{value.lineno}"


def _gives_a_code(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return getattr(node.targets[0], "id", "") == "code"
    return isinstance(node, ast.keyword) and node.arg == "code"


def test_the_codes_are_found():
    assert {"already_live", "bad_verdict", "disk_full"} <= {code for code, _ in codes()}


def test_every_code_has_words():
    assert {where: code for code, where in codes() if code not in WORDS and code not in ELSEWHERE} == {}
