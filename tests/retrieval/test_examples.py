"""The examples in the docstrings of the library's main entry points can be pasted, and give what they say."""

import doctest
from importlib import import_module

import pytest

from webapp.config.env import ROOT

ROOM = ROOT / "retrieval"
FILES = sorted(path for path in ROOM.rglob("*.py") if ">>> " in path.read_text())
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES]
ENTRY_POINTS = {
    "retrieval.align.likeness",
    "retrieval.embed.embedder",
    "retrieval.evaluate.run",
    "retrieval.index.exact",
    "retrieval.index.hnsw",
    "retrieval.io.images",
    "retrieval.io.meshes",
    "retrieval.io.sets",
    "retrieval.locate.localiser",
    "retrieval.preprocess.heights",
    "retrieval.preprocess.prints",
    "retrieval.rank.by_place",
    "retrieval.rank.ranker",
    "retrieval.register.registration",
}


def test_every_entry_point_has_an_example() -> None:
    assert set(MODULES) >= ENTRY_POINTS


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    """Each is run in a namespace of its own: what it uses, it imports."""
    module = import_module(name)
    examples = [one for one in doctest.DocTestFinder().find(module, globs={}) if one.examples]
    assert examples
    runner = doctest.DocTestRunner(verbose=False)
    for one in examples:
        one.globs = {}
        runner.run(one)
    assert runner.summarize(verbose=False).failed == 0
