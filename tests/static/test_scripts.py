"""The page scripts' own tests, run by Node."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.config.env import ROOT

_PLACES = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def test_the_page_scripts_pass_their_tests():
    node = shutil.which("node", path=_PLACES)
    if node is None:
        pytest.fail("node is missing; run `make setup`")
    files = sorted(str(path) for path in (Path(__file__).parent / "js").rglob("*.test.js"))
    done = subprocess.run([node, "--test", *files], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
