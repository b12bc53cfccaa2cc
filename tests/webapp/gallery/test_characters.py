"""Which item is which character, told by a file."""

import pytest

from tests import factories
from webapp.core.errors import Refused
from webapp.gallery.characters import characters_apply, characters_read
from webapp.gallery.models import Item


class TestReading:
    @pytest.mark.parametrize("before", [b"item,codepoint\n", b""], ids=["line 2", "line 1"])
    def test_a_cell_that_no_table_has_is_refused_by_its_line(self, before):
        with pytest.raises(Refused, match=f"line {1 + bool(before)} cannot be split into cells"):
            characters_read(before + b"x" * 200_000 + b",U+4E00\n")

    def test_rows_keep_their_line_and_their_exact_character(self):
        rows, errors = characters_read(b"item,codepoint\n0.stl,U+583D\n\n1.stl,u+28df9\n")
        assert [(row.line, row.item, row.character) for row in rows] == [
            (2, "0.stl", "堽"),
            (4, "1.stl", "\U00028df9"),
        ]
        assert errors == []

    def test_other_columns_in_another_order_do_no_harm(self):
        rows, _ = characters_read(b"page,codepoint,item\n3,U+4E00,0.stl\n")
        assert (rows[0].item, rows[0].character) == ("0.stl", "一")

    def test_a_mark_at_its_beginning_and_windows_lines_do_no_harm(self):
        rows, _ = characters_read("item,codepoint\r\n塊.stl,U+4E00\r\n".encode("utf-8-sig"))
        assert rows[0].item == "塊.stl"

    def test_bad_lines_are_named_and_stop_no_other(self):
        data = b"item,codepoint\na.stl,583D\n,U+4E00\nb.stl\nc.stl,U+D800\nd.stl,U+4E00\n"
        rows, errors = characters_read(data)
        assert [row.item for row in rows] == ["d.stl"]
        assert [error.split(":")[0] for error in errors] == ["line 2", "line 3", "line 4", "line 5"]

    def test_what_is_not_one_character_is_named(self):
        data = b"item,codepoint\na.stl,U+4E00 U+4E8C\nb.stl,U+0041\nc.stl,U+323B0\n"
        rows, errors = characters_read(data)
        assert [row.item for row in rows] == ["c.stl"]
        assert [error.split(":")[0] for error in errors] == ["line 2", "line 3"]

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "names no column item"),
            (b"item;codepoint\na;U+4E00\n", "line 1"),
            (b"item,codepoint\n\xe9,U+4E00\n", "line 2 is not UTF-8"),
        ],
    )
    def test_what_is_no_such_table_is_refused(self, data, message):
        with pytest.raises(Refused, match=message):
            characters_read(data)


@pytest.mark.django_db
class TestApplying:
    def test_by_path_by_file_name_and_without_its_ending(self):
        items = {name: factories.item(name=name).pk for name in ("a/1.stl", "b/2.stl", "3.x.ply")}
        rows, _ = characters_read(b"item,codepoint\na/1.stl,U+4E00\n2.stl,U+4E8C\n3.x,U+4E09\n")
        report = characters_apply(rows=rows, items=items)
        assert (report.applied, report.errors) == (3, [])
        assert list(Item.objects.order_by("pk").values_list("character", flat=True)) == ["一", "二", "三"]

    def test_names_are_one_however_their_accents_are_written(self):
        """macOS writes the files' names apart; characters, and ideographs in names, stay what they are."""
        items = [factories.item(name=name) for name in ("khắc/gia\u0301o.stl", "\uf914.stl")]
        rows, _ = characters_read("item,codepoint\ngiáo.stl,U+F914\n樂.stl,U+4E00\n".encode())
        report = characters_apply(rows=rows, items={item.name: item.pk for item in items})
        assert report.applied == 1
        assert report.errors == ["line 3: no item is called 樂.stl"]
        assert Item.objects.get(pk=items[0].pk).character == "\uf914"

    def test_what_fits_none_or_several_is_named(self):
        items = {name: factories.item(name=name).pk for name in ("a/1.stl", "b/1.stl", "2.stl")}
        rows, _ = characters_read(b"item,codepoint\n1.stl,U+4E00\n9.stl,U+4E00\n2.stl,U+4E8C\n")
        report = characters_apply(rows=rows, items=items)
        assert report.applied == 1
        assert [error[:32] for error in report.errors] == [
            "line 2: several items are called",
            "line 3: no item is called 9.stl",
        ]

    def test_a_mesh_called_two_characters_keeps_the_first_and_is_named(self):
        pk = factories.item(name="1.stl").pk
        rows, _ = characters_read(b"item,codepoint\n1.stl,U+4E00\ncopy.stl,U+4E8C\ncopy.stl,U+4E00\n")
        report = characters_apply(rows=rows, items={"1.stl": pk, "copy.stl": pk})
        assert Item.objects.get(pk=pk).character == "一"
        assert len(report.errors) == 1
        assert "line 3" in report.errors[0]
        assert "line 2" in report.errors[0]
