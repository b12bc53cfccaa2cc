"""An import inside a function has its reason beside it: slow to load, not there for everybody, only later."""

import ast
from collections.abc import Iterator

import pytest

from webapp.config.env import ROOT

ROOMS = ("bench", "clients", "common", "retrieval", "tests", "webapp", "workers")
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def unexplained(source: str) -> list[int]:
    """The lines of imports inside functions that no comment stands above, or beside."""
    lines = source.split("\n")
    return [line for line in _first_lines(ast.parse(source)) if not _explained(lines, line)]


def _first_lines(tree: ast.AST, inside: bool = False) -> Iterator[int]:
    """Where imports inside functions begin; of imports that follow each other, where the first does."""
    follows = False
    for child in ast.iter_child_nodes(tree):
        imports = isinstance(child, ast.Import | ast.ImportFrom)
        if imports and inside and not follows:
            yield child.lineno
        follows = imports
        yield from _first_lines(child, inside or isinstance(child, FUNCTIONS))


def _explained(lines: list[str], line: int) -> bool:
    return lines[line - 2].lstrip().startswith("#") or "  # " in lines[line - 1]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import a\n\ndef f():\n    return 1\n", []),
        ("def f():\n    import a\n", [2]),
        ("def f():\n    # Slow.\n    import a\n\n    from b import c\n", []),
        ("def f():\n    import a  # slow\n    if a:\n        import b\n", [4]),
        (
            "class A:\n    def f(self):\n        with b():\n            import a\n",
            [4],
        ),
    ],
)
def test_what_counts_as_a_reason(source, found):
    assert unexplained(source) == found


def test_every_import_inside_a_function_has_its_reason_beside_it():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): unexplained(path.read_text()) for path in files}
    assert len(files) > 1000
    assert {name: lines for name, lines in found.items() if lines} == {}
