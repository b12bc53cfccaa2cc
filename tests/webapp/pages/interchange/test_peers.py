"""What each format writes, read by a library that is not ours."""

import json
import xml.etree.ElementTree as ET

import pytest
from lxml import etree
from pagexml.parser import parse_pagexml_file
from pycocotools.coco import COCO

from tests.webapp.pages.interchange.drawn import files_of, page
from webapp.pages.interchange.formats import BOX_FORMATS
from webapp.pages.interchange.formats.page_xml import read_lines as page_lines
from webapp.pages.interchange.formats.tei import read_lines as tei_lines

TEXT = ["人\uf900\U00030000", "\ue123葛\U000e0100地"]


def test_pagexml_tools_read_page_xml():
    (data,) = files_of(BOX_FORMATS["page_xml"], page()).values()
    scan = parse_pagexml_file("a.xml", pagexml_data=data.decode())
    regions = {region.id: region for region in scan.text_regions}
    lines = [line for _, name in sorted(scan.reading_order.items()) for line in regions[name].lines]
    assert [line.text for line in lines] == TEXT
    words = [word for line in lines for word in line.words]
    assert [(word.coords.x, word.coords.y, word.coords.w, word.coords.h) for word in words] == [
        (box.x, box.y, box.w, box.h) for box in page().boxes
    ]
    assert [float(word.conf) for word in words] == [0.5] * 6
    assert [line.baseline.points for line in lines] == [[(720, 10), (720, 180)], [(620, 10), (620, 180)]]
    assert page_lines(data, "a.xml") == [TEXT]


def test_pycocotools_read_coco(tmp_path):
    (data,) = files_of(BOX_FORMATS["coco_boxes"], page("1.jpg"), page("2.jpg")).values()
    (tmp_path / "a.json").write_bytes(data)
    coco = COCO(tmp_path / "a.json")
    assert [image["file_name"] for image in coco.loadImgs(coco.getImgIds())] == ["1.jpg", "2.jpg"]
    (first, *_), categories = coco.loadAnns(coco.getAnnIds(imgIds=[2])), coco.loadCats(coco.getCatIds())
    assert first["bbox"] == [700, 10, 40, 50]
    assert coco.annToMask(first).sum() == pytest.approx(2000, rel=0.05)
    assert {one["id"]: one["name"] for one in categories}[first["category_id"]] == "U+4EBA"


def test_lxml_finds_altos_lines_where_alto_has_them():
    (data,) = files_of(BOX_FORMATS["alto"], page()).values()
    root = etree.fromstring(data)
    space = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
    assert root.xpath("string(//a:fileName)", namespaces=space) == page().name
    lines = root.xpath("a:Layout/a:Page/a:PrintSpace/a:TextBlock/a:TextLine", namespaces=space)
    assert ["".join(line.xpath("a:String/@CONTENT", namespaces=space)) for line in lines] == TEXT
    assert [line.get("BASELINE") for line in lines] == ["720,10 720,180", "620,10 620,180"]
    tags = root.xpath("a:Tags/a:LayoutTag/@ID", namespaces=space)
    assert set(root.xpath("//a:String/@TAGREFS", namespaces=space)) <= set(tags)


def test_lxml_reads_hocr_as_html_and_as_xml():
    (data,) = files_of(BOX_FORMATS["hocr"], page()).values()
    for root in (etree.HTML(data), ET.fromstring(data)):
        lines = [one for one in root.iter() if one.get("class") == "ocr_line"]
        assert ["".join(line.itertext()).strip() for line in lines] == TEXT
        assert lines[0].get("title") == "bbox 700 10 740 180"


def test_tei_has_the_text_and_a_zone_for_each_character():
    (data,) = files_of(BOX_FORMATS["tei"], page()).values()
    root = etree.fromstring(data)
    space = {"t": "http://www.tei-c.org/ns/1.0"}
    assert "".join(root.xpath("//t:body//t:c/text()", namespaces=space)) == "".join(TEXT)
    zones = set(root.xpath("//t:zone/@xml:id", namespaces=space))
    assert {one.removeprefix("#") for one in root.xpath("//t:c/@facs", namespaces=space)} == zones
    assert root.xpath("//t:unclear/t:c/text()", namespaces=space) == ["地"]
    assert tei_lines(data, "a.xml") == [TEXT]


def test_text_keeps_columns():
    (data,) = files_of(BOX_FORMATS["text"], page("1.jpg"), page("2.jpg")).values()
    assert data.decode().split("\n\n") == ["\n".join(TEXT), "\n".join(TEXT) + "\n"]


def test_yolo_has_a_class_for_each_character_and_middles_in_shares():
    files = files_of(BOX_FORMATS["yolo"], page("a.jpg"))
    number, *shares = files["labels/a.txt"].decode().split("\n")[0].split()
    assert [float(one) for one in shares] == pytest.approx([0.72, 0.05, 0.04, 0.0714286])
    assert f'  {number}: "人"' in files["data.yaml"].decode()


def test_labelme_and_via_have_a_rectangle_for_each_box():
    (data,) = files_of(BOX_FORMATS["labelme"], page("a.jpg")).values()
    shapes = json.loads(data)["shapes"]
    assert shapes[0]["points"] == [[700, 10], [740, 60]]
    assert {"label", "points", "group_id", "description", "shape_type", "flags"} <= set(shapes[0])
    (data,) = files_of(BOX_FORMATS["via"], page("a.jpg")).values()
    project = json.loads(data)
    (picture,) = project["_via_img_metadata"].values()
    assert picture["regions"][0]["shape_attributes"] == {
        **{"name": "rect", "x": 700, "y": 10, "width": 40, "height": 50}
    }
    assert project["_via_image_id_list"] == list(project["_via_img_metadata"])


def test_iiif_annotations_lie_on_a_canvas_of_the_pages_size():
    (data,) = files_of(BOX_FORMATS["iiif"], page("a.jpg")).values()
    (canvas,) = json.loads(data)["items"]
    assert (canvas["width"], canvas["height"]) == (1000, 700)
    notes = canvas["annotations"][0]["items"]
    assert [note["body"]["value"] for note in notes[:1]] == ["人"]
    assert notes[0]["target"] == f"{canvas['id']}#xywh=700,10,40,50"
