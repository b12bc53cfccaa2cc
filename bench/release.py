"""A promotion and a rollback while people work: ``python -m bench --only release``.

The gallery has 100,000 items. The load runs through the building of the new index, the switch, the rollback,
and the refreshing of open suggestions after each.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.load import ANSWERED, Asked, Load, Person, Seen
from bench.table import Row
from tests.browser.client import until
from tests.browser.stack import Stack
from webapp.config.env import ROOT

ITEMS, QUERIES = 100_000, 1_000
_QUIET, _AFTER = 12.0, 10.0  # seconds that are measured before the promotion is asked for, and after a switch
_SWITCHED_WITHIN = 300.0


def rows() -> Iterator[Row]:
    """The rows of the benchmark page."""
    with installation(ITEMS, QUERIES) as (stack, made), Load(stack, made["batch"]) as seen:
        until(lambda: made["release"] in seen.releases, within=60, what="the live release answers")
        began = time.monotonic()
        time.sleep(_QUIET)
        asked = time.monotonic()
        curator = Person(stack)
        known = len(seen.releases)
        _pressed(curator, f"/models/{made['model']}/promote/", "reason=benchmark")
        switched = _new_release(seen, known)
        time.sleep(_AFTER)
        known = len(seen.releases)
        clicked = time.monotonic()
        _pressed(curator, f"/releases/{made['release']}/back/")
        answered = time.monotonic()
        back = _new_release(seen, known)
        time.sleep(_AFTER)
        reload = float(_crowd(stack, "reload"))
    yield from _told(seen, began, asked, switched)
    yield _rolled_back(seen, clicked, answered, back, reload)


@contextmanager
def installation(items: int, queries: int) -> Iterator[tuple[Stack, dict]]:
    """A running installation: so many items, two models that know them, a batch of so many queries."""
    with TemporaryDirectory(prefix="mocban-bench-") as folder:
        stack = Stack(Path(folder), {"MOCBAN_LEASE_SECONDS": "60"})
        stack.data.mkdir()
        stack.manage("setup")
        made = json.loads(_crowd(stack, str(items), str(queries)))
        stack.start()
        try:
            yield stack, made
        finally:
            stack.stop()


def _crowd(stack: Stack, *words: str) -> str:
    """The last line that ``bench.crowd`` prints on this installation."""
    told = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench.crowd", *words],
        cwd=ROOT,
        env=stack.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return told.stdout.splitlines()[-1]


def _pressed(person: Person, path: str, form: str = "") -> None:
    status, body = person.press(path, form)
    if status != 302:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")


def _new_release(seen: Seen, known: int) -> float:
    """Wait until one more release answers than were ``known``. Returns when it was first seen to."""
    until(
        lambda: len(seen.releases) > known or seen.stopped,
        within=_SWITCHED_WITHIN,
        what="the new release answers",
    )
    if seen.stopped:
        raise RuntimeError(f"the load stopped: {seen.stopped}")
    return max(seen.releases.values())


def _told(seen: Seen, began: float, asked: float, switched: float) -> Iterator[Row]:
    """What the promotion cost. ``switched``: when its first answer was seen."""
    lost = [one for one in seen.asked if one.fault]
    kinds = sorted({one.what for one in seen.asked})
    counts = ", ".join(f"{sum(one.what == kind for one in seen.asked)} x {kind}" for kind in kinds)
    told = f"; the first lost: {lost[0].what}, {lost[0].fault}" if lost else ""
    yield Row(
        f"requests lost while the release is switched, {ITEMS:,} items",
        f"**{len(lost)}** of {len(seen.asked):,}",
        "0",
        f"two annotators, uploads and searches through a promotion and a rollback: {counts}{told}",
    )
    yield Row(
        "cards that mix two releases",
        f"**{seen.mixed}** of {seen.cards:,}",
        "0",
        f"every card and picture's suggestions received; {seen.changed} answers given again on a new card",
    )
    around = _between(seen, switched - 2, switched + _AFTER)
    slowest = max(around, key=lambda one: one.took)
    parts = {
        "before": _between(seen, began, asked),
        "while the index is built": _between(seen, asked, switched - 2),
    }
    parts["from 2 s before the switch to 10 s after"] = around
    yield Row(
        "slowest request while the release is switched",
        f"**{slowest.took:.2f} s** ({slowest.what})",
        "1 s",
        "; ".join(f"{name}: {_spread(some)}" for name, some in parts.items()),
    )


def _rolled_back(seen: Seen, clicked: float, answered: float, back: float, reload: float) -> Row:
    around = _between(seen, clicked, back + _AFTER)
    return Row(
        "rollback by one click, until the earlier release answers a new picture",
        f"**{back - clicked:.1f} s**",
        "5 s",
        f"the click itself {answered - clicked:.2f} s; a worker loads model and index in {reload:.2f} s; "
        f"requests meanwhile and after: {_spread(around)}",
    )


def _between(seen: Seen, start: float, end: float) -> list[Asked]:
    """What was under way at some time in between."""
    return [one for one in seen.asked if one.began < end and one.ended > start]


def _spread(some: list[Asked]) -> str:
    """Requests, and pictures from upload to suggestions, apart."""
    told = []
    for name, wanted in (("requests", False), ("pictures answered", True)):
        times = [one.took for one in some if (one.what == ANSWERED) == wanted]
        if times:
            high, most = np.percentile(times, 95), max(times)
            told.append(f"{len(times)} {name}, p95 {1000 * high:.0f} ms, slowest {1000 * most:.0f} ms")
    return " and ".join(told)
