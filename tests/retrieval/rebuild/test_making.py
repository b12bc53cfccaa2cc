"""A lost block made again: closed, of the right size, and printing what the page shows."""

import io
from dataclasses import replace

import numpy as np
import pytest
import trimesh

from retrieval.io.meshes import read_mesh
from retrieval.rebuild.errors import BadPlan
from retrieval.rebuild.files import ENDINGS, mesh_file
from retrieval.rebuild.making import Rebuilt, rebuild
from retrieval.rebuild.pictures import sheet_pdf, sources_picture
from retrieval.rebuild.plan import FROM_PRINT, SAME_CARVING, SAME_CHARACTER, Making, RebuildPlan
from tests.retrieval.rebuild.conftest import FEW


def test_the_block_is_closed_and_of_the_pages_size(made: Rebuilt, plan: RebuildPlan):
    solid = trimesh.Trimesh(made.mesh.vertices, made.mesh.faces, process=False)
    assert solid.is_watertight
    assert solid.is_volume
    assert len(solid.faces) <= FEW.triangles
    assert solid.extents == pytest.approx((*plan.size_mm, FEW.thickness_mm), abs=0.1)


def test_its_print_meets_the_page(made: Rebuilt):
    assert made.meets >= 0.95
    assert made.record["strokes_meet"] == round(made.meets, 4)


def test_every_character_says_where_it_is_from(made: Rebuilt, plan: RebuildPlan):
    by_order = {one["order"]: one for one in made.record["characters"]}
    assert list(by_order) == [spot.order for spot in plan.spots]
    for spot in plan.spots:
        said = by_order[spot.order]
        assert said["source"] in (spot.relations or (FROM_PRINT,)) or said["source"] == FROM_PRINT
        assert said["conjecture"] == (said["source"] != SAME_CARVING)
        assert said["by"] == "lan"
        if said["item"]:
            assert (said["item"], said["block"]) == (spot.items[0], spot.items[0].split("/")[0])
    assert made.record["sources"][SAME_CARVING] >= 2
    assert made.record["sources"][SAME_CHARACTER] >= 1
    assert made.record["sources"][FROM_PRINT] >= 3


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_file_is_read_back_closed_by_others_and_by_us(made: Rebuilt, ending: str):
    data = mesh_file(made.mesh, ending)
    theirs = trimesh.load(io.BytesIO(data), file_type=ending, force="mesh")
    theirs.merge_vertices()
    assert theirs.is_watertight
    assert theirs.extents == pytest.approx(np.ptp(made.mesh.vertices, axis=0), abs=1e-3)
    ours = read_mesh(data, name=f"block.{ending}").mesh
    assert len(ours.faces) == len(made.mesh.faces)


def test_a_block_is_carved_mirrored_unless_it_is_for_study(plan: RebuildPlan, made: Rebuilt):
    readable = rebuild(plan, replace(FEW, mirrored=False)).mesh
    wide = plan.size_mm[0]
    assert np.allclose(readable.vertices[:, 0], wide - made.mesh.vertices[:, 0])
    assert trimesh.Trimesh(readable.vertices, readable.faces, process=False).is_volume


def test_tool_marks_show_on_the_ground_and_not_on_the_print(plan: RebuildPlan, made: Rebuilt):
    marked = rebuild(plan, replace(FEW, tool_marks=True))
    ground = made.face.height < -0.95 * made.face.depth
    assert np.ptp(marked.face.height[ground]) > np.ptp(made.face.height[ground]) + 0.03
    assert marked.meets == pytest.approx(made.meets, abs=0.01)


def test_a_carving_of_another_character_gives_way_to_the_print(plan: RebuildPlan):
    blank = replace(plan.items["own/items/00"], height=np.zeros((256, 256), np.float32))
    other = replace(plan, items={**plan.items, "own/items/00": blank})
    part = rebuild(other, FEW).face.parts[0]
    assert (part.source, part.item) == (FROM_PRINT, "")


def test_the_carving_that_fits_is_taken_among_several(plan: RebuildPlan):
    spot = replace(
        plan.spots[0],
        items=("other/items/05", "own/items/00", "own/items/07"),
        relations=(SAME_CHARACTER,) * 3,
    )
    part = rebuild(replace(plan, spots=(spot,)), FEW).face.parts[0]
    assert part.item == "own/items/00"


def test_one_confirmed_goes_before_one_that_fits_better(plan: RebuildPlan):
    spot = replace(
        plan.spots[0],
        items=("own/items/00", "other/items/00"),
        relations=(SAME_CHARACTER, SAME_CARVING),
    )
    part = rebuild(replace(plan, spots=(spot,)), FEW).face.parts[0]
    assert (part.item, part.source) == ("other/items/00", SAME_CARVING)


def test_pictures(made: Rebuilt):
    assert sources_picture(made.face, made.made).shape == (*made.face.ink.shape, 3)
    pdf = sheet_pdf(made.face, made.made)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 3


def test_a_print_without_ink_is_refused(plan: RebuildPlan):
    with pytest.raises(BadPlan, match="no ink"):
        rebuild(replace(plan, print=np.full((400, 500), 230, np.uint8)), FEW)


def test_wood_thinner_than_the_carving_is_refused(plan: RebuildPlan):
    with pytest.raises(BadPlan, match="too thin"):
        rebuild(plan, replace(FEW, thickness_mm=1.0))


def test_too_few_triangles_are_refused(plan: RebuildPlan):
    with pytest.raises(BadPlan, match="too few"):
        rebuild(plan, Making(triangles=100))
