"""A worker finds the block that printed a page, and what it found is written down, drawn, and ranks cards."""

from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from tests import factories
from tests.webapp.printed import drawn
from webapp.core.files.media import derived
from webapp.jobs.models import Job
from webapp.printed.models import PageMatch, PageSearch
from webapp.printed.searches import pages_search_when_due, pages_search_when_matched
from webapp.search.models import Suggestion
from workers.tasks.batches.queries_match import queries_match
from workers.tasks.printed.block_find import block_find


@pytest.fixture
def random():
    return np.random.default_rng(1)


@pytest.fixture
def document(owner):
    return factories.document(owner)


def test_a_page_finds_the_block_that_printed_it(release, do, random, document):
    blocks = [drawn.block(random, name=name, model=release.model) for name in ("A-1", "A-2", "A-3")]
    page = drawn.page_of(blocks[1], document, random, strange=3)
    do(block_find, {"page": page.pk})
    match = PageMatch.objects.get(page=page, rank=1)
    assert match.scan == blocks[1].scan
    assert match.believed
    assert match.residual_mm < 0.5
    assert match.inliers == 21
    boxes = list(page.boxes.order_by("order").values_list("pk", flat=True))
    expected = dict(zip(boxes, (item.pk for item in blocks[1].items), strict=True))
    assert {box: item for box, item, _ in match.pairs} == expected
    assert {box for box, _, inlier in match.pairs if not inlier} == set(boxes[:3])
    search = PageSearch.objects.get(page=page)
    assert (search.state, search.faces, search.boxes) == ("ready", 3, 24)


def test_print_over_print_is_drawn_and_a_second_run_changes_nothing(release, do, random, document):
    block = drawn.block(random, model=release.model)
    page = drawn.page_of(block, document, random)
    for _ in range(2):
        do(block_find, {"page": page.pk})
    [match] = PageMatch.objects.filter(page=page)
    shown = {name: Image.open(derived("matches", match.pk, f"{name}.webp")) for name in ("page", "block")}
    assert shown["page"].size == shown["block"].size == (page.width, page.height)
    ink = np.asarray(shown["block"])[..., 3] > 128
    printed = np.asarray(shown["page"].convert("L")) < 128
    assert (ink == printed)[20:-20, 20:-20].mean() > 0.9


def test_a_page_of_no_block_is_said_to_have_none(release, do, random, document):
    block, lost = (
        drawn.block(random, model=release.model),
        drawn.block(random, name="lost", model=release.model),
    )
    page = drawn.page_of(lost, document, random)
    lost.block.delete()
    for item in lost.items:
        item.delete()
    do(block_find, {"page": page.pk})
    assert not PageMatch.objects.filter(page=page, believed=True).exists()
    assert PageSearch.objects.get(page=page).state == "ready"
    assert block.scan.pk == PageSearch.objects.get(page=page).newest


def test_what_people_said_stays_when_it_is_searched_again(release, do, random, document):
    block = drawn.block(random, model=release.model)
    page = drawn.page_of(block, document, random)
    do(block_find, {"page": page.pk})
    PageMatch.objects.filter(page=page).update(state="rejected")
    do(block_find, {"page": page.pk})
    assert PageMatch.objects.get(page=page).state == "rejected"


def test_pages_are_searched_once_their_characters_are_matched_and_again_with_a_newer_block(
    release, random, document
):
    block = drawn.block(random, model=release.model)
    page = drawn.page_of(block, document, random)
    pks = [query.pk for query in drawn.queries(page)]
    assert pages_search_when_matched(queries=pks) == 1
    assert pages_search_when_matched(queries=pks) == 0  # it is on its way
    Job.objects.all().delete()
    PageSearch.objects.filter(page=page).update(state="ready", newest=block.scan.pk)
    assert pages_search_when_due() == 0
    drawn.block(random, name="A-2", model=release.model)
    assert pages_search_when_due() == 1


def test_a_page_whose_characters_wait_is_not_searched_yet(release, random, document):
    block = drawn.block(random, model=release.model)
    page = drawn.page_of(block, document, random)
    factories.box(page)
    assert pages_search_when_matched(queries=[query.pk for query in drawn.queries(page)[:-1] if query]) == 0
    assert pages_search_when_due() == 0


def test_the_item_in_a_characters_place_comes_first_among_the_five_and_says_so(release, do, random, document):
    block = drawn.block(random, model=release.model)
    page = drawn.page_of(block, document, random)
    query = drawn.queries(page)[4]
    second = block.items[7]
    between = block.vectors[4] + 0.9 * block.vectors[7]
    query.vector = (between / np.linalg.norm(between)).astype(np.float32).tobytes()
    query.save()
    match = drawn.match(page, block)
    pairs = [
        [box, second.pk if place == 4 else item, fits] for place, (box, item, fits) in enumerate(match.pairs)
    ]
    PageMatch.objects.update(pairs=pairs)
    do(queries_match, {"queries": [query.pk], "again": True})
    first, then = Suggestion.objects.filter(query=query, rank__lte=2)
    assert (first.item, first.placed) == (second, True)
    assert (then.item, then.placed) == (block.items[4], False)
    PageMatch.objects.update(state="rejected")
    do(queries_match, {"queries": [query.pk], "again": True})
    assert not Suggestion.objects.filter(query=query, placed=True).exists()
    assert Suggestion.objects.get(query=query, rank=1).item == block.items[4]


def test_a_match_is_never_seen_before_its_pictures(release, random, document, monkeypatch):
    """Whoever opens the page at once would find none, and wait for ever."""
    block = drawn.block(random, model=release.model)
    page, order = drawn.page_of(block, document, random), []

    class Progress:
        def report(self, done: int, total: int) -> None: ...

        @contextmanager
        def writing(self):
            yield
            order.append("written")

    monkeypatch.setattr("workers.tasks.printed.block_find.write_derived", lambda *_: order.append("pictures"))
    block_find({"page": page.pk}, Progress())
    assert order == ["pictures", "written"]
