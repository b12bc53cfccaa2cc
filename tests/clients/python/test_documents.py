"""The client with whole pages, against the running server; no worker is needed for most of it."""

import pytest
from PIL import Image

from mocban_client import Conflict, MocbanError, NotFound
from tests import factories, people
from tests.clients.python.conftest import client_of
from tests.progress import FakeProgress
from workers.tasks.pages.boxes_import import boxes_import


@pytest.fixture
def mocban(live_server, transactional_db, data):
    return client_of(live_server, people.owner())


@pytest.fixture
def page(mocban):
    return factories.page(factories.document(people.owner()), name="001.png")


def test_pages_go_up_and_are_put_in_order(mocban, tmp_path):
    for number in (1, 2, 10):
        Image.new("L", (60, 80), number).save(tmp_path / f"{number}.png")
    document = mocban.upload_pages(tmp_path, title="Kiều", shared=True)
    assert (document.title, document.pages, document.status) == ("Kiều", 3, "working")
    pages = list(mocban.pages(document))
    assert [page.name.rsplit("/")[-1] for page in pages] == ["1.png", "2.png", "10.png"]
    mocban.pages_order(document, [pages[2], pages[0]])
    assert [page.id for page in mocban.pages(document)] == [pages[2].id, pages[0].id, pages[1].id]
    assert mocban.page_rename(pages[0], "lá 1").name == "lá 1"
    mocban.page_delete(pages[1])
    with pytest.raises(NotFound):
        mocban.page(pages[1].id)
    changed = mocban.document_change(document, title="Truyện Kiều", fields={"hand": "?"})
    assert (changed.title, changed.raw["fields"]) == ("Truyện Kiều", {"hand": "?"})
    assert [one.id for one in mocban.documents()] == [document.id]


def test_an_empty_folder_is_no_document(mocban, tmp_path):
    with pytest.raises(MocbanError) as caught:
        mocban.upload_pages(tmp_path)
    assert caught.value.code == "no_files"


def test_boxes_are_edited_and_come_in_from_a_file(mocban, page, tmp_path):
    (box,) = mocban.boxes_edit(page.pk, {"op": "add", "x": 10, "y": 10, "w": 30, "h": 30})
    assert [one.id for one in mocban.boxes(page.pk)] == [box.id]
    file = tmp_path / "b.csv"
    file.write_text("page,x,y,w,h,character\n001,100,20,40,40,天\n")
    sent = mocban.boxes_upload(page.document_id, file)
    boxes_import({"import": sent.id}, FakeProgress())
    done = mocban.wait(sent)
    assert (done.status, done.added, done.problems) == ("ready", 1, [])
    assert {one.proposal for one in mocban.boxes(page.pk)} == {"", "天"}
    text = mocban.text_add(page.document_id, "天地", page=page.pk)
    assert (text.status, text.page) == ("waiting", page.pk)


def test_a_page_is_turned_and_then_waits(mocban, page):
    mocban.page_locate(page.pk)
    assert (mocban.page_turn(page.pk, 90).status, mocban.page(page.pk).turn) == ("waiting", 90)
    with pytest.raises(Conflict):
        mocban.page_turn(page.pk, 90)


def test_edits_are_undone_and_done_again(mocban, page):
    (box,) = mocban.boxes_edit(page.pk, {"op": "add", "x": 10, "y": 10, "w": 30, "h": 30})
    mocban.boxes_undo(page.pk)
    assert mocban.boxes(page.pk) == []
    (again,) = mocban.boxes_redo(page.pk)
    assert again.id == box.id
    changes = mocban.page_changes(page.pk, since=3)
    assert ([one.id for one in changes["boxes"]], changes["version"]) == ([box.id], 4)
    mocban.boxes_snap(page.pk, [box])
    with pytest.raises(MocbanError) as caught:
        mocban.document_from_manifest("https://library.example/manifest.json")
    assert caught.value.code == "host_not_allowed"
