"""The room below both sides needs nothing but Python."""

import ast
import sys

import pytest

from webapp.config.env import ROOT

FILES = sorted((ROOT / "common").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_imports_the_standard_library_alone(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative"
            found.add(node.module.partition(".")[0])
    assert found <= sys.stdlib_module_names | {"common"}
