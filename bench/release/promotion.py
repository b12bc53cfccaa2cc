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

from bench.release.load import ANSWERED, Load, LoadLog, Person, TimedRequest
from bench.table import BenchmarkRow
from tests.browser.client import until
from tests.browser.stack import Stack
from webapp.config.env import ROOT

ITEMS, QUERIES = 100_000, 1_000
_QUIET, _AFTER = 12.0, 10.0  # seconds that are measured before the promotion is asked for, and after a switch
_SWITCHED_WITHIN = 300.0


def rows() -> Iterator[BenchmarkRow]:
    """The rows of the benchmark page."""
    with installation(ITEMS, QUERIES) as (stack, made), Load(stack, made["batch"]) as log:
        until(lambda: made["release"] in log.releases, within=60, what="the live release answers")
        began = time.monotonic()
        time.sleep(_QUIET)
        requested = time.monotonic()
        curator = Person(stack)
        releases = len(log.releases)
        _pressed(curator, f"/models/{made['model']}/promote/", "reason=benchmark")
        switched = _new_release(log, releases)
        time.sleep(_AFTER)
        releases = len(log.releases)
        clicked = time.monotonic()
        _pressed(curator, f"/releases/{made['release']}/back/")
        answered = time.monotonic()
        back = _new_release(log, releases)
        time.sleep(_AFTER)
        reload = float(_crowd(stack, "reload"))
    yield from _promotion(log, began, requested, switched)
    yield _rolled_back(log, clicked, answered, back, reload)


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
    """The last line that ``bench.release.crowd`` prints on this installation."""
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench.release.crowd", *words],
        cwd=ROOT,
        env=stack.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return ended.stdout.splitlines()[-1]


def _pressed(person: Person, path: str, form: str = "") -> None:
    status, body = person.press(path, form)
    if status != 302:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")


def _new_release(log: LoadLog, before: int) -> float:
    """Wait until one more release answers than there were before. Returns when it was first seen to."""
    until(
        lambda: len(log.releases) > before or log.stopped,
        within=_SWITCHED_WITHIN,
        what="the new release answers",
    )
    if log.stopped:
        raise RuntimeError(f"the load stopped: {log.stopped}")
    return max(log.releases.values())


def _promotion(log: LoadLog, began: float, requested: float, switched: float) -> Iterator[BenchmarkRow]:
    """What the promotion cost. ``switched``: when its first answer was seen."""
    lost = [one for one in log.requests if one.fault]
    kinds = sorted({one.what for one in log.requests})
    counts = ", ".join(f"{sum(one.what == kind for one in log.requests)} x {kind}" for kind in kinds)
    first = f"; the first lost: {lost[0].what}, {lost[0].fault}" if lost else ""
    yield BenchmarkRow(
        f"requests lost while the release is switched, {ITEMS:,} items",
        f"**{len(lost)}** of {len(log.requests):,}",
        "0",
        f"two annotators, uploads and searches through a promotion and a rollback: {counts}{first}",
    )
    yield BenchmarkRow(
        "cards that mix two releases",
        f"**{log.mixed}** of {log.cards:,}",
        "0",
        f"every card and picture's suggestions received; {log.changed} answers given again on a new card",
    )
    around = _between(log, switched - 2, switched + _AFTER)
    slowest = max(around, key=lambda one: one.took)
    parts = {
        "before": _between(log, began, requested),
        "while the index is built": _between(log, requested, switched - 2),
    }
    parts["from 2 s before the switch to 10 s after"] = around
    yield BenchmarkRow(
        "slowest request while the release is switched",
        f"**{slowest.took:.2f} s** ({slowest.what})",
        "1 s",
        "; ".join(f"{name}: {_spread(some)}" for name, some in parts.items()),
    )


def _rolled_back(log: LoadLog, clicked: float, answered: float, back: float, reload: float) -> BenchmarkRow:
    around = _between(log, clicked, back + _AFTER)
    return BenchmarkRow(
        "rollback by one click, until the earlier release answers a new picture",
        f"**{back - clicked:.1f} s**",
        "5 s",
        f"the click itself {answered - clicked:.2f} s; a worker loads model and index in {reload:.2f} s; "
        f"requests meanwhile and after: {_spread(around)}",
    )


def _between(log: LoadLog, start: float, end: float) -> list[TimedRequest]:
    """What was under way at some time in between."""
    return [one for one in log.requests if one.began < end and one.ended > start]


def _spread(some: list[TimedRequest]) -> str:
    """Requests, and pictures from upload to suggestions, apart."""
    parts = []
    for name, wanted in (("requests", False), ("pictures answered", True)):
        times = [one.took for one in some if (one.what == ANSWERED) == wanted]
        if times:
            high, most = np.percentile(times, 95), max(times)
            parts.append(f"{len(times)} {name}, p95 {1000 * high:.0f} ms, slowest {1000 * most:.0f} ms")
    return " and ".join(parts)
