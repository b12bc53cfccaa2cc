"""A format is found by its file alone."""

import sys
from pathlib import Path

import pytest

from webapp.datasets.exports import formats
from webapp.datasets.exports.format import Format

MODULES = [path.stem for path in Path(formats.__file__).parent.glob("*.py") if path.stem != "__init__"]

NEW = '''
"""One name a line."""

from webapp.datasets.exports.format import BATCH, Format
from webapp.datasets.exports.members import Member


def write(source):
    yield Member("names.txt", (f"{row.origin['name']}\\n".encode() for row in source.rows()))


FORMAT = Format(name="names", label="names", write=write, ending="txt", sources=(BATCH,))
'''


@pytest.mark.parametrize("module", MODULES)
def test_each_module_declares_one(module):
    declared = sys.modules[f"{formats.__name__}.{module}"].FORMAT
    assert isinstance(declared, Format)
    assert formats.FORMATS[declared.name] is declared
    assert declared.label
    assert declared.sources


def test_there_are_no_others():
    assert len(formats.FORMATS) == len(MODULES) == len({str(one.label) for one in formats.FORMATS.values()})


def test_a_new_one_is_one_file(tmp_path, monkeypatch):
    (tmp_path / "names.py").write_text(NEW)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    found = formats._declared()
    assert [one.name for one in found if one.name not in formats.FORMATS] == ["names"]
    del sys.modules[f"{formats.__name__}.names"]


def test_people_see_the_one_for_spreadsheets_first():
    assert [one.name for one in formats.formats_of("batch")] == [
        "excel", "csv", "jsonl", "course", "aligned_pairs",
    ]  # fmt: skip
    assert [one.name for one in formats.formats_of("snapshot")][:5] == [
        "excel", "csv", "jsonl", "parquet", "course",
    ]  # fmt: skip
