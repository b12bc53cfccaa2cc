"""What is held out is in nothing that a run can draw from."""

import numpy as np

from retrieval.data.characters import held_out
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import draw_part, load_meshes
from retrieval.train.data.training_data import gather_training_data
from tests.retrieval.train.drawn import drawn_data, drawn_glyphs


def test_held_out_characters_typefaces_and_pages_are_left_out() -> None:
    """None of the three appears among what may be drawn."""
    data = gather_training_data(drawn_glyphs(range(0x4E01, 0x4E81)), None)
    assert not any(held_out(code) for code in data.classes.tolist())
    assert any(held_out(code) for code in range(0x4E01, 0x4E81))
    faces = {data.glyphs.names[data.glyphs.faces[place]] for places in data.glyphs_of for place in places}
    assert faces == {"thin", "bold"}


def test_every_glyph_is_of_its_class() -> None:
    """Grouping does not mix characters up."""
    data = drawn_data()
    for code, places in zip(data.classes, data.glyphs_of, strict=True):
        assert set(data.glyphs.codepoints[places].tolist()) == {int(code)}
        assert len(places) == 2


def test_rendered_reliefs_are_kept_by_class(tmp_path) -> None:
    """Reliefs that went through a mesh are found again by their character, and drawn once only."""
    data = drawn_data()
    draw_part(tmp_path, data, 0, count=3, seed=1)
    written = (tmp_path / "part-0000.npz").stat().st_mtime_ns
    draw_part(tmp_path, data, 0, count=3, seed=1)
    assert (tmp_path / "part-0000.npz").stat().st_mtime_ns == written
    cache = load_meshes(tmp_path, data.classes)
    assert cache.heights.shape == (3, 96, 96)
    label = next(iter(cache.of_label))
    picked = cache.pick(label, np.random.default_rng(0))
    assert picked.shape == (96, 96)
    assert 0 <= picked.min() < picked.max() <= 1
    assert cache.pick(-1, np.random.default_rng(0)) is None
    assert load_meshes(tmp_path / "none", data.classes) is None


def test_textures_have_zero_mean_and_unit_variance() -> None:
    """All three grains are on one scale."""
    random = np.random.default_rng(0)
    textures = Textures(random, count=8)
    for grain in ("fine", "middle", "broad"):
        pieces = np.stack([textures.cut(grain, (192, 192), random) for _ in range(8)])
        assert abs(pieces.mean()) < 0.05
        assert abs(pieces.std() - 1) < 0.05
