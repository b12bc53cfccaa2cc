"""What is held out is in nothing that a run can draw from."""

import numpy as np

from retrieval.data.characters import held_out, held_out_page
from retrieval.preprocess import Recipe
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import draw_part, load_meshes
from retrieval.train.data.training_data import gather
from retrieval.train.pretrain.batches import Batches, Mix
from tests.retrieval.train.drawn import drawn_crops, drawn_glyphs, drawn_material


def test_held_out_characters_typefaces_and_pages_are_left_out() -> None:
    """None of the three appears among what may be drawn."""
    material = gather(drawn_glyphs(range(0x4E01, 0x4E81)), None)
    assert not any(held_out(code) for code in material.classes.tolist())
    assert any(held_out(code) for code in range(0x4E01, 0x4E81))
    faces = {
        material.glyphs.names[material.glyphs.faces[place]]
        for places in material.glyphs_of
        for place in places
    }
    assert faces == {"thin", "bold"}


def test_every_glyph_is_of_its_class() -> None:
    """Grouping does not mix characters up."""
    material = drawn_material()
    for code, places in zip(material.classes, material.glyphs_of, strict=True):
        assert set(material.glyphs.codepoints[places].tolist()) == {int(code)}
        assert len(places) == 2


def test_batch_holds_each_class_twice_and_some_mirrored() -> None:
    """Prints, height maps, mirrored height maps; finite, and the same for the same number."""
    mix = Mix(classes=8, flipped=4)
    first, again = (Batches(drawn_material(), None, mix, Recipe(size=32), seed=3, start=5) for _ in range(2))
    inputs, labels, real = next(iter(first))
    assert inputs.shape == (20, 1, 32, 32)
    assert labels.shape == real.shape == (8,)
    assert len(set(labels.tolist())) == 8
    assert np.isfinite(inputs.numpy()).all()
    assert np.array_equal(inputs[8:12].flip(-1), inputs[16:20])
    assert np.array_equal(next(iter(again))[0], inputs)


def test_batches_do_not_depend_on_where_the_run_began() -> None:
    """Batch number 6 is the same after five others and at the start of a resumed run."""
    mix = Mix(classes=8, flipped=4)
    running = iter(Batches(drawn_material(), None, mix, Recipe(size=32), seed=3, start=5))
    next(running)
    resumed = iter(Batches(drawn_material(), None, mix, Recipe(size=32), seed=3, start=6))
    assert np.array_equal(next(running)[0], next(resumed)[0])


def test_real_crops_are_used_where_there_are_some(monkeypatch) -> None:
    """Crops of open pages appear as prints, marked as such; those of held-out pages do not."""
    assert held_out_page("page4")
    assert not held_out_page("page1")
    monkeypatch.setattr("retrieval.train.data.training_data.read_crops", lambda _: drawn_crops())
    material = gather(drawn_glyphs(), "crops.zip")
    used = {material.crops.pages[place] for places in material.crops_of for place in places}
    assert used == {"page1"}
    batches = Batches(
        material, None, Mix(classes=8, flipped=0, from_crops=0.5, real=1.0), Recipe(size=32), seed=0
    )
    _, labels, real = next(iter(batches))
    assert [bool(len(material.crops_of[label])) for label in labels] == real.tolist()
    assert real.sum() >= 4


def test_rendered_reliefs_are_kept_by_class(tmp_path) -> None:
    """Reliefs that went through a mesh are found again by their character, and drawn once only."""
    material = drawn_material()
    draw_part(tmp_path, material, 0, count=3, seed=1)
    written = (tmp_path / "part-0000.npz").stat().st_mtime_ns
    draw_part(tmp_path, material, 0, count=3, seed=1)
    assert (tmp_path / "part-0000.npz").stat().st_mtime_ns == written
    cache = load_meshes(tmp_path, material.classes)
    assert cache.heights.shape == (3, 96, 96)
    label = next(iter(cache.of_label))
    picked = cache.pick(label, np.random.default_rng(0))
    assert picked.shape == (96, 96)
    assert 0 <= picked.min() < picked.max() <= 1
    assert cache.pick(-1, np.random.default_rng(0)) is None
    assert load_meshes(tmp_path / "none", material.classes) is None


def test_textures_have_zero_mean_and_unit_variance() -> None:
    """All three grains are on one scale."""
    random = np.random.default_rng(0)
    textures = Textures(random, count=8)
    for grain in ("fine", "middle", "broad"):
        pieces = np.stack([textures.cut(grain, (192, 192), random) for _ in range(8)])
        assert abs(pieces.mean()) < 0.05
        assert abs(pieces.std() - 1) < 0.05
