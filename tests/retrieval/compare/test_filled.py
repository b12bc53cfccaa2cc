import numpy as np

from retrieval.compare import filled
from retrieval.compare.filled import Filled
from retrieval.io.sets import read_set
from tests.retrieval.evaluate.folders import write_set


def test_meshes_are_read_once_and_again_when_one_changed(tmp_path, monkeypatch):
    where, kept = write_set(tmp_path / "set", items=3), tmp_path / "kept"
    kept.mkdir()
    (where / "database" / "1.stl").write_bytes(b"no mesh")
    real, read = filled.prepare_heights, []
    monkeypatch.setattr(
        filled, "prepare_heights", lambda names, *more, **told: read.append(1) or real(names, *more, **told)
    )
    first = Filled.read(read_set(where), kept, jobs=0)
    again = Filled.read(read_set(where), kept, jobs=0)
    assert len(read) == 1
    assert first.names == again.names == ("0.stl", "2.stl")
    assert np.array_equal(first.heights, again.heights)
    assert first.failures == again.failures
    assert "1.stl" in first.failures[0].reason
    (where / "database" / "1.stl").write_bytes((where / "database" / "0.stl").read_bytes())
    assert Filled.read(read_set(where), kept, jobs=0).names == ("0.stl", "1.stl", "2.stl")
    assert len(read) == 2
