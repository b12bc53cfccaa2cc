"""The pages of prints and blocks: who gets in, what is shown, and what a key's form does."""

import csv
import io
import uuid

import numpy as np
import pytest

from tests import factories, people
from tests.webapp.printed import drawn
from webapp.jobs.models import Job
from webapp.printed.models import PageMatch, PageSearch
from webapp.review.models import Decision


@pytest.fixture
def world(owner):
    block = drawn.block(np.random.default_rng(1), count=10)
    page = drawn.page_of(block, factories.document(owner), np.random.default_rng(2))
    return page, drawn.match(page, block, strange=2)


def _doors(page, match):
    block = match.scan.block_id
    return [
        ("get", f"/pages/{page.pk}/blocks/", True),
        ("post", f"/pages/{page.pk}/blocks/find/", True),
        ("post", f"/matches/{match.pk}/reject/", True),
        ("post", f"/matches/{match.pk}/undo/", True),
        ("get", f"/documents/{page.document_id}/blocks/", True),
        ("get", f"/documents/{page.document_id}/blocks.csv", True),
        ("post", f"/documents/{page.document_id}/blocks/find/", True),
        ("get", f"/blocks/{block}/prints/", False),
        ("post", f"/blocks/{block}/prints/find/", False),
    ]


def test_every_door_opens_to_those_who_see_the_document(world, owner, teammate, browse):
    page, match = world
    for method, address, private in _doors(page, match):
        assert getattr(browse(owner), method)(address).status_code in {200, 302}, address
        expected = {404} if private else {200, 302}
        assert getattr(browse(teammate), method)(address).status_code in expected, address
    assert browse(teammate).get(f"/matches/{match.pk}/page.webp").status_code == 404


def test_a_page_shows_its_blocks_with_figures_and_the_queue(world, owner, browse):
    page, _match = world
    shown = browse(owner).get(f"/pages/{page.pk}/blocks/").content.decode()
    assert "8 characters meet · 0.30 mm apart · inks 0.95" in shown
    assert "1.0e-30" in shown
    assert shown.count('data-testid="queue-row"') == 2
    assert shown.count('data-why="outlier"') == 2
    assert 'data-testid="confirm"' in shown


def test_the_form_of_the_key_confirms_and_the_one_of_undo_takes_it_back(world, owner, browse):
    page, match = world
    person = browse(owner)
    after = person.post(
        f"/matches/{match.pk}/confirm/", {"key": str(uuid.uuid4())}, follow=True
    ).content.decode()
    assert "8 characters are labelled as the same carving." in after
    assert Decision.objects.filter(relation="same_carving").count() == 8
    assert 'data-testid="undo"' in after
    person.post(f"/matches/{match.pk}/undo/")
    assert PageMatch.objects.get().state == "proposed"
    assert not any(query.answered for query in drawn.queries(page))
    assert person.post(f"/matches/{match.pk}/confirm/", {"key": "x"}).status_code == 400


def test_answers_that_differ_are_in_the_queue(world, owner, browse):
    page, match = world
    other = factories.item()
    factories.answer(query=drawn.queries(page)[5], annotator=owner, verdict="match", item=other)
    browse(owner).post(f"/matches/{match.pk}/confirm/", {"key": str(uuid.uuid4())})
    shown = browse(owner).get(f"/pages/{page.pk}/blocks/").content.decode()
    assert shown.count('data-why="differs"') == 1
    assert shown.count('data-why="outlier"') == 2
    assert drawn.queries(page)[5].decisions.count() == 1


def test_the_table_names_pages_with_a_block_lost_ones_and_blocks_without_a_page(world, owner, browse):
    page, _match = world
    lost = factories.page(page.document, name="lost.png")
    PageSearch.objects.create(page=lost, state="ready", faces=2)
    factories.page(page.document, name="new.png")
    drawn.block(np.random.default_rng(3), count=3, name="idle")
    shown = browse(owner).get(f"/documents/{page.document_id}/blocks/").content.decode()
    for name, count in (("printed", 1), ("lost", 1), ("idle", 1)):
        said = shown.split(f'data-testid="{name}-count">')[1].split("</dd>")[0]
        assert int(said) == count
    assert shown.count('class="print-cell"') == 3
    assert [shown.count(f'data-kind="{kind}"') for kind in ("proposed", "lost", "unknown")] == [1, 1, 1]
    rows = list(csv.DictReader(io.StringIO(_csv(browse(owner), page))))
    assert list(rows[0]) == ["page", "block", "inliers", "p", "residual_mm"]
    first = {"page": page.name, "block": "A-1", "inliers": "8", "p": "1e-30", "residual_mm": "0.3"}
    assert rows[0] == first
    assert [row["block"] for row in rows[1:]] == ["", ""]


def test_a_block_lists_its_prints_of_the_pages_that_one_sees(world, owner, teammate, browse):
    _page, match = world
    address = f"/blocks/{match.scan.block_id}/prints/"
    assert browse(owner).get(address).content.decode().count('data-testid="print-row"') == 1
    assert browse(teammate).get(address).content.decode().count('data-testid="print-row"') == 0


def test_what_is_not_believed_is_no_print(world, owner, browse):
    page, _match = world
    PageMatch.objects.update(believed=False)
    assert "unlikely" in browse(owner).get(f"/pages/{page.pk}/blocks/").content.decode()
    assert _csv(browse(owner), page).count("A-1") == 0
    PageMatch.objects.update(state="confirmed")  # people say so
    assert _csv(browse(owner), page).count("A-1") == 1


def test_looking_again_is_a_job_and_a_page_that_waits_says_so(world, owner, browse):
    page, _ = world
    browse(owner).post(f"/pages/{page.pk}/blocks/find/")
    assert Job.objects.filter(kind="block.find").count() == 1
    assert "Its block is being looked for." in browse(owner).get(f"/pages/{page.pk}/blocks/").content.decode()


def test_a_page_that_was_not_read_is_refused(owner, browse):
    page = factories.page(factories.document(owner), state="waiting")
    assert browse(owner).post(f"/pages/{page.pk}/blocks/find/").status_code == 409


def test_a_failure_is_said_in_words(owner, browse):
    page = factories.page(factories.document(owner))
    PageSearch.objects.create(page=page, state="failed", error_code="blob_missing", error="gone", hint="look")
    assert "gone" in browse(people.owner()).get(f"/pages/{page.pk}/blocks/").content.decode()


def _csv(person, page) -> str:
    return person.get(f"/documents/{page.document_id}/blocks.csv").content.decode()
