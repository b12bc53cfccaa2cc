"""Two hundred cards in one sitting: what the page keeps does not grow, nor does its number of 3D contexts."""

import pytest
from playwright.sync_api import expect

from tests.browser.light.review.reviewing import Sitting
from tests.desk import desk
from webapp.review.models import Decision

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CARDS, WARM = 200, 70  # by the seventieth every store that is bounded is full
MOST_GROWN = 2_000_000  # bytes of the heap
MOST_NODES = 600  # about those of the pictures that are on their way
_COUNT = """
  globalThis.contexts = new Set();
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    const made = get.call(this, kind, ...more);
    if (made && kind.startsWith("webgl")) contexts.add(made);
    return made;
  };
"""


def test_a_session_of_two_hundred_cards_grows_neither_memory_nor_contexts(window, owner):
    page = window(owner)
    page.add_init_script(_COUNT)
    sits = Sitting(page, owner).open(desk(owner, queries=CARDS + 5))
    seen = []
    for place in range(CARDS):
        if place % 20 == 10:
            _look(sits)
        if place in (WARM, CARDS - 1):
            seen.append(_weight(sits))
        sits.page.keyboard.press("12"[place % 2])
        expect(sits.review).to_have_attribute("data-position", str(place + 2))
    sits.saved(within=120)
    assert Decision.objects.count() == CARDS
    (heap, nodes, _), (heap_then, nodes_then, contexts) = seen
    assert heap_then - heap < MOST_GROWN, seen
    assert nodes_then - nodes < MOST_NODES, seen
    assert contexts == 1, seen
    assert page.complaints == []


def _look(sits):
    """Turn the first candidate in 3D, and leave it."""
    sits.press("v")
    expect(sits.page.get_by_test_id("viewer-canvas")).to_have_attribute("data-ready", "true")
    sits.page.keyboard.press("Escape")
    expect(sits.page.get_by_test_id("viewer")).to_be_hidden()


def _weight(sits) -> tuple[int, int, int]:
    """Bytes of the heap and nodes after a collection, and 3D contexts ever made."""
    sits.saved(within=120)  # a machine answers faster than a server writes
    sits.page.wait_for_timeout(500)
    tools = sits.page.context.new_cdp_session(sits.page)
    tools.send("HeapProfiler.enable")
    tools.send("HeapProfiler.collectGarbage")
    heap = tools.send("Runtime.getHeapUsage")["usedSize"]
    nodes = tools.send("Memory.getDOMCounters")["nodes"]
    contexts = sits.page.evaluate("() => contexts.size")
    tools.detach()
    return heap, nodes, contexts
