"""Files as other programs write them."""

import json

import pytest

from tests.webapp.pages.interchange.drawn import zipped
from webapp.core.errors import Refused
from webapp.pages.interchange.formats import BOX_FORMATS
from webapp.pages.interchange.formats.tei import read_lines
from webapp.pages.interchange.texts import read_text

GLYPHS = """<?xml version="1.0"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
<Page imageFilename="p/1.tif" imageWidth="100" imageHeight="200">
<ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="0" regionRef="b"/>
<RegionRefIndexed index="1" regionRef="a"/></OrderedGroup></ReadingOrder>
<TextRegion id="a" type="marginalia"><TextLine><Word><Coords points="1,2 5,2 5,9 1,9"/>
<TextEquiv index="1"><Unicode>天</Unicode></TextEquiv><TextEquiv index="0"><Unicode>地</Unicode></TextEquiv>
</Word></TextLine></TextRegion>
<TextRegion id="b"><TextLine><Word><Glyph><Coords points="10,2 15,2 15,9"/>
<TextEquiv conf="0.25"><Unicode>人</Unicode></TextEquiv></Glyph></Word></TextLine>
<TextLine><TextEquiv><Unicode>只有</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"""


def _read(name: str, data: str | bytes, file: str = "a") -> list[tuple]:
    data = data.encode() if isinstance(data, str) else data
    (page,) = BOX_FORMATS[name].read(data, file)
    return [(box.x, box.y, box.w, box.h, box.character, box.kind) for box in page.boxes]


def test_page_xml_with_glyphs_in_the_order_that_it_gives():
    assert _read("page_xml", GLYPHS) == [(10, 2, 5, 7, "人", "main"), (1, 2, 4, 7, "地", "margin")]


def test_alto_of_a_recogniser_with_glyphs_and_a_prefix():
    alto = """<a:alto xmlns:a="http://www.loc.gov/standards/alto/ns-v3#"><a:Layout>
    <a:Page WIDTH="9" HEIGHT="9"><a:PrintSpace><a:ComposedBlock><a:TextBlock><a:TextLine>
    <a:String CONTENT="天地" HPOS="0" VPOS="0" WIDTH="2" HEIGHT="4">
    <a:Glyph CONTENT="天" GC="0.5" HPOS="0" VPOS="0" WIDTH="2" HEIGHT="2"/>
    <a:Glyph CONTENT="地" HPOS="0" VPOS="2" WIDTH="2" HEIGHT="2"/></a:String></a:TextLine></a:TextBlock>
    </a:ComposedBlock></a:PrintSpace></a:Page></a:Layout></a:alto>"""
    assert _read("alto", alto) == [(0, 0, 2, 2, "天", "main"), (0, 2, 2, 2, "地", "main")]
    with pytest.raises(Refused, match="mm10"):
        BOX_FORMATS["alto"].read(b"<alto><MeasurementUnit>mm10</MeasurementUnit></alto>", "a.xml")


def test_hocr_of_tesseract_with_places_of_characters():
    hocr = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://x.org/x.dtd">
    <html><body><div class='ocr_page' title='image "1.png"; bbox 0 0 50 60'><p class='ocr_par'>
    <span class='ocr_line' title="bbox 1 1 9 30; baseline 0 -5">
    <span class='ocrx_word' title='bbox 1 1 9 30; x_wconf 91'>
    <span class='ocrx_cinfo' title='x_bboxes 1 1 9 10; bbox 1 1 9 10; x_conf 98.1'>天</span>
    <span class='ocrx_cinfo' title='bbox 1 12 9 30'>&amp;</span></span></span></p></div></body></html>"""
    assert _read("hocr", hocr) == [(1, 1, 8, 9, "天", "main"), (1, 12, 8, 18, "&", "main")]


def test_coco_of_a_detector_that_knows_no_characters():
    coco = {
        "images": [{"id": 7, "file_name": "a.jpg", "width": 10, "height": 20}],
        "annotations": [{"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]}],
        "categories": [{"id": 1, "name": "text"}],
    }
    assert _read("coco_boxes", json.dumps(coco)) == [(1, 2, 3, 4, "", "main")]


@pytest.mark.parametrize(
    "names", ['names: ["text", "天"]', "nc: 2\nnames:\n- text\n- 天\n", "names:\n  0: text\n  1: '天'"]
)
def test_yolo_with_names_as_tools_write_them(names):
    files = {"labels/a.txt": b"1 0.5 0.5 0.5 0.5\n0 0.25 0.25 0.5 0.5 0.75\n", "data.yaml": names.encode()}
    assert _read("yolo", zipped(files)) == [
        (0.25, 0.25, 0.5, 0.5, "天", "main"),
        (0, 0, 0.5, 0.5, "", "main"),
    ]


def test_via_of_version_one_and_polygons():
    shape = {"name": "polygon", "all_points_x": [1, 5, 5], "all_points_y": [2, 2, 9]}
    via = {
        "a.jpg9": {
            "filename": "a.jpg",
            "regions": {"0": {"shape_attributes": shape, "region_attributes": {}}},
        }
    }
    assert _read("via", json.dumps(via)) == [(1, 2, 4, 7, "", "main")]


def test_iiif_list_of_version_two():
    note = {"resource": {"chars": "天"}, "on": "https://x.org/canvas/p%201#xywh=1,2,3,4"}
    (page,) = BOX_FORMATS["iiif"].read(json.dumps({"resources": [note]}).encode(), "a")
    assert (page.name, page.boxes[0].character, page.boxes[0].w) == ("p 1", "天", 3)


def test_iiif_selector_in_a_target():
    selector = {"type": "FragmentSelector", "value": "xywh=pixel:1,2,3,4"}
    target = {"source": {"id": "https://x.org/c"}, "selector": selector}
    pages = {"type": "AnnotationPage", "items": [{"body": {"value": "天"}, "target": target}]}
    assert _read("iiif", json.dumps(pages)) == [(1, 2, 3, 4, "天", "main")]


def test_csv_says_which_columns_it_lacks():
    with pytest.raises(Refused, match="lacks w, h"):
        BOX_FORMATS["csv_boxes"].read(b"page,x,y\na,1,2\n", "a.csv")
    with pytest.raises(Refused, match="line 2"):
        BOX_FORMATS["csv_boxes"].read(b"page,x,y,w,h\na,1,2,inf,3\n", "a.csv")


def test_tei_reads_one_of_two_readings_and_only_what_stands_on_the_page():
    tei = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><title>題</title></teiHeader><text><body><pb/><p>天
    <choice><orig>墬</orig><reg>地</reg></choice><note>an editor's</note><lb/>人<note place="inline">註</note>
    <gap quantity="2"/><pb/>玄</p></body></text></TEI>"""
    assert read_lines(tei.encode(), "a") == [["天地", "人註□□"], ["玄"]]


def test_a_transcription_is_plain_text_tei_or_a_file_of_boxes():
    assert read_text("\ufeff天地\n 玄黃 \n\n\n宇\f宙".encode(), "a.txt") == [["天地", "玄黃"], ["宇"], ["宙"]]
    assert read_text(GLYPHS.encode(), "a.xml") == [["人", "只有", "地"]]
    assert read_text(b"page,x,y,w,h,column,character\na,1,1,1,1,1,x\na,1,2,1,1,1,y\n", "a.csv") == [["xy"]]
    assert read_text(b"<TEI><text><p>\xe5\xa4\xa9</p></text></TEI>", "a.xml") == [["天"]]
    with pytest.raises(Refused, match="UTF-8"):
        read_text("天".encode("utf-16"), "a.txt")
