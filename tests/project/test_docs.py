"""What the documents promise is there."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from webapp.config.env import _NAMES, ROOT
from webapp.operations.kept import kept_rooms
from workers.onehost import supervisor

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
IDS = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_commands_are_there(document):
    text = document.read_text()
    words = set(re.findall(r"`(?:\.venv/bin/python )?manage\.py ([a-z_]+)", text))
    assert words <= set(get_commands())
    made = set(re.findall(r"`(?:MOCBAN_\w+=\S+ )?make ([a-z-]+)", text))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert made <= targets


def test_the_functions_of_the_story_are_where_it_says():
    text = (ROOT / "docs" / "flow.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| `([\w/]+\.py)` \|", text, re.MULTILINE)
    assert len(rows) > 25
    missing = [row for row in rows if not re.search(rf"\bdef {row[0]}\(", (ROOT / row[1]).read_text())]
    assert missing == []


def test_the_readme_lists_every_setting_and_no_other():
    listed = set(re.findall(r"^\| `MOCBAN_(\w+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert listed == set(_NAMES)


def test_the_lock_files_name_no_address():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        assert "://" not in path.read_text(), path.name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_every_script_is_sound():
    for path in sorted((ROOT / "scripts").iterdir()):
        if path.suffix == ".py":
            continue  # ruff reads those
        checked = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert path.name == "common" or path.stat().st_mode & 0o100, f"{path.name} is not executable"


def test_ci_runs_the_one_command():
    script = Path(ROOT / ".ci" / "run").read_text()
    assert "make test" in script


def test_the_documented_service_starts_again_and_has_time_to_stop():
    """A supervisor that gave up, or was killed, comes back; a stop ends nothing halfway."""
    unit = re.search(r"```ini\n(\[Unit\].*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)[1]
    assert re.search(r"^Restart=(on-failure|always)$", unit, re.MULTILINE)
    assert int(re.search(r"^RestartSec=(\d+)$", unit, re.MULTILINE)[1]) > 2  # five in ten would end it
    stops = supervisor._FINISH_WITHIN + supervisor._DROP_WITHIN
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]) > stops


def test_what_cannot_be_made_again_is_in_every_backup():
    text = (ROOT / "docs/operations.md").read_text()
    table = text[text.index("## What to keep safe") : text.index("## Back up and restore")]
    lost = {row.split("|")[2].strip(" `/") for row in table.splitlines() if "cannot be" in row}
    assert lost == set(kept_rooms())
