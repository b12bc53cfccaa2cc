"""The examples in the docstrings of the library's main entry points can be pasted, and give what they say."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "retrieval.embed.embedder",
    "retrieval.evaluate.run",
    "retrieval.index.exact",
    "retrieval.index.hnsw",
    "retrieval.io.images",
    "retrieval.io.meshes",
    "retrieval.io.sets",
    "retrieval.preprocess.heights",
    "retrieval.preprocess.prints",
)


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
