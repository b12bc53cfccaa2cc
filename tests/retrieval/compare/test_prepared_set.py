import numpy as np

from retrieval.compare import prepared_set
from retrieval.compare.prepared_set import PreparedSet
from retrieval.io.sets import read_set
from tests.retrieval.evaluate.folders import write_set


def test_meshes_are_read_once_and_again_when_one_changed(tmp_path, monkeypatch):
    where, kept = write_set(tmp_path / "set", items=3), tmp_path / "kept"
    kept.mkdir()
    (where / "database" / "1.stl").write_bytes(b"no mesh")
    real, read = prepared_set.prepare_heights, []

    def counted(*arguments, **options):
        read.append(1)
        return real(*arguments, **options)

    monkeypatch.setattr(prepared_set, "prepare_heights", counted)
    first = PreparedSet.read(read_set(where), kept, jobs=0)
    again = PreparedSet.read(read_set(where), kept, jobs=0)
    assert len(read) == 1
    assert first.names == again.names == ("0.stl", "2.stl")
    assert np.array_equal(first.heights, again.heights)
    assert first.failures == again.failures
    assert "1.stl" in first.failures[0].reason
    (where / "database" / "1.stl").write_bytes((where / "database" / "0.stl").read_bytes())
    assert PreparedSet.read(read_set(where), kept, jobs=0).names == ("0.stl", "1.stl", "2.stl")
    assert len(read) == 2
