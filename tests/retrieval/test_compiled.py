"""Compiled functions where nothing can be written."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from lib.compiled import compiled
from lib.twice import twice
assert twice(21) == 42
"""


@pytest.fixture
def library(tmp_path):
    """A library of one compiled function, in a folder of its own."""
    folder = tmp_path / "lib"
    folder.mkdir()
    shutil.copy(Path(__file__).parents[2] / "retrieval" / "compiled.py", folder)
    (folder / "__init__.py").touch()
    (folder / "twice.py").write_text(
        "from lib.compiled import compiled\n\n@compiled\ndef twice(x):\n    return 2 * x\n"
    )
    return tmp_path


def run(library: Path, home: Path, **environment: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(library), **environment}
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, env=environment, timeout=120)


def test_machine_code_is_kept_for_the_next_process(library):
    run(library, library)
    assert list((library / "lib" / "__pycache__").glob("twice.*.nbi"))


def test_it_works_where_neither_library_nor_home_can_be_written(library):
    blocked = library / "not a folder"
    blocked.touch()
    (library / "lib" / "__pycache__").touch()
    for path in (library / "lib", library):
        path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        run(library, blocked, XDG_CACHE_HOME=str(blocked), PYTHONDONTWRITEBYTECODE="1")
    finally:
        library.chmod(stat.S_IRWXU)
        (library / "lib").chmod(stat.S_IRWXU)
