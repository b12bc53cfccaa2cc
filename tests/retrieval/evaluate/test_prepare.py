import numpy as np
import pytest

from common.errors import BadInput
from retrieval.evaluate import prepare
from retrieval.evaluate.prepare import prepare_heights
from tests import meshes
from tests.retrieval.evaluate.fakes import height_or_death


def reader(content):
    def read(name):
        if content[name] is None:
            raise BadInput(f"{name} is missing", hint="put it there")
        return content[name]

    return read


@pytest.mark.parametrize("jobs", [0, 2])
def test_real_meshes_in_their_order_and_bad_ones_named(jobs):
    block = meshes.stl(*meshes.relief(1, 24))
    content = {f"{number}.stl": block for number in range(9)}
    content["4.stl"], content["7.stl"] = b"junk", None
    done = list(prepare_heights(list(content), reader(content), jobs=jobs))
    assert [one.name for one in done] == list(content)
    assert [one.name for one in done if one.failure] == ["4.stl", "7.stl"]
    assert "4.stl" in done[4].failure.reason
    assert done[7].failure.reason == "7.stl is missing"
    assert done[0].height.shape == (256, 256)
    np.testing.assert_array_equal(done[0].height, done[8].height)


def test_a_mesh_that_ends_its_process_costs_only_itself(monkeypatch):
    monkeypatch.setattr(prepare, "height_of", height_or_death)
    content = {f"{number}": b"x" * number for number in range(1, 13)}
    content |= {"3": b"die", "5": b"bad", "12": b"bug"}
    done = list(prepare_heights(list(content), reader(content), jobs=1))
    assert [one.name for one in done] == list(content)
    failures = {one.name: one.failure.reason for one in done if one.failure}
    assert failures == {
        "3": "3 ended the process that read it",
        "5": "5 is bad",
        "12": "12 cannot be used: ZeroDivisionError: division by zero",
    }
    assert all(one.height[0, 0] == int(one.name) for one in done if not one.failure)


def test_only_a_few_files_are_in_memory_at_a_time(monkeypatch):
    monkeypatch.setattr(prepare, "height_of", height_or_death)
    begun = []

    def read(name):
        begun.append(name)
        return b"x"

    done = prepare_heights([str(number) for number in range(100)], read, jobs=1)
    next(done)
    assert len(begun) <= 6
    done.close()


def test_nothing_to_do():
    assert list(prepare_heights([], reader({}), jobs=2)) == []
