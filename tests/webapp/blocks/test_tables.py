"""Blocks by a table."""

import pytest
from django.core.management import CommandError, call_command

from tests import factories, meshes
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.tables import block_rows
from webapp.core.errors import Refused

pytestmark = pytest.mark.django_db
TABLE = """file,item,name,inventory_number,face,unit,carver,x_mm,order
a.stl,,Kiều 1,KV 12,recto,mm,Nguyễn,,
,single.stl,Kiều 1,KV 12,,,,7.5,3
"""


@pytest.fixture
def folder(tmp_path, data):
    made = tmp_path / "scans"
    made.mkdir()
    (made / "a.stl").write_bytes(meshes.block(1, cells=16))
    return made


def bring(folder, text: str) -> None:
    table = folder.parent / "blocks.csv"
    table.write_text(text, "utf-8")
    call_command("import_blocks", folder, table=table, verbosity=0)


def test_scans_and_items_come_in_by_a_table_and_once(folder, curator, capsys):
    item = factories.item(name="single.stl")
    for _ in range(2):
        bring(folder, TABLE)
    block = Block.objects.get()
    assert (block.name, block.inventory_number, block.fields) == ("Kiều 1", "KV 12", {"carver": "Nguyễn"})
    scan = Scan.objects.get()
    assert (scan.block, scan.face, scan.unit, scan.created_by) == (block, "recto", "mm", curator)
    place = Place.objects.get()
    assert (place.item, place.block, place.x_mm, place.order) == (item, block, 7.5, 3)
    assert "line 2: scan" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file,name\nb.stl,x\n", "no file b.stl"),
        ("file,name\n../blocks.csv,x\n", "no file"),
        ("item,name\nnothing,x\n", "no items are named"),
        ("file,name\na.stl,\n", "needs a name"),
        ("file,name,unit\na.stl,x,ell\n", "not a unit"),
    ],
)
def test_a_row_that_cannot_be_done_is_said(folder, curator, text, said):
    with pytest.raises(CommandError, match=said):
        bring(folder, text)
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"file\na.stl\n", b"file,item,name\n,,x\n", b"item,name,x_mm\n1,x,wide\n"]
)
def test_what_is_no_table_of_blocks_is_refused(data):
    with pytest.raises(Refused) as refusal:
        block_rows(data, name="blocks.csv")
    assert refusal.value.code == "bad_table"
