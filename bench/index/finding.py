"""Looking beyond the five: the first page of 90,000 items ranked by likeness to a picture.

``python -m bench.index.finding ITEMS QUERIES``, in the environment of an installation that is set up, makes
those.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import numpy as np

from bench.index.vectors import unit
from bench.table import BenchmarkRow
from tests.browser.client import Client, until
from tests.browser.stack import Stack
from tests.services import running_redis
from webapp.config.env import ROOT, read_env
from webapp.config.processes import processes

ITEMS, QUERIES, WARM = 90_000, 60, 3
_AGAIN = 0.3  # seconds until the page asks once more, while a worker compares
_AT_ONCE, _SEED = 5_000, 11
_FRESH_BAR, _AGAIN_BAR = 1.0, 0.3  # seconds: the bars


def rows() -> Iterator[BenchmarkRow]:
    """The rows of the benchmark page."""
    with installation(ITEMS, QUERIES + WARM) as (client, queries):
        for query in queries[:WARM]:
            first_page(client, query)
        fresh = [first_page(client, query) for query in queries[WARM:]]
        again = [first_page(client, query) for query in queries[WARM:]]
    yield _row("never asked before", fresh, _FRESH_BAR)
    yield _row("asked before", again, _AGAIN_BAR)


def _row(which: str, times: list[float], bar: float) -> BenchmarkRow:
    middle, high = np.percentile(times, [50, 95])
    return BenchmarkRow(
        f"first page of {ITEMS:,} items by likeness to a picture {which}, 95th percentile",
        f"**{high:.2f} s**",
        f"{bar} s",
        f"{len(times)} pictures over the loopback, asked anew every {_AGAIN} s while a worker compares, as "
        f"the page does; median {middle:.2f} s, longest {max(times):.2f} s",
    )


def first_page(client: Client, query: int) -> float:
    """Seconds from asking until a ranked page is there."""
    began = time.monotonic()
    while (answer := client.get(f"/api/v1/queries/{query}/candidates/?page_size=8")).status == 409:
        time.sleep(_AGAIN)
    took = time.monotonic() - began
    found = answer.json["results"]
    if answer.status != 200 or len(found) != 8 or any(one["distance"] is None for one in found):
        raise RuntimeError(f"no ranked page: {answer.status} {answer.body[:300]!r}")
    return took


@contextmanager
def installation(items: int, queries: int) -> Iterator[tuple[Client, list[int]]]:
    """A web server and its interactive worker, and nothing that would tidy up what they are given."""
    with ExitStack() as open_till_end:
        folder = open_till_end.enter_context(TemporaryDirectory(prefix="mocban-bench-"))
        broker = open_till_end.enter_context(running_redis())
        stack = Stack(Path(folder), {"MOCBAN_BROKER_URL": broker, "MOCBAN_LEASE_SECONDS": "60"})
        stack.data.mkdir()
        stack.manage("setup")
        ended = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "bench.index.finding", str(items), str(queries)],
            cwd=ROOT,
            env=stack.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        for process in processes(read_env(stack.environment)):
            if process.name in {"web", "interactive"}:
                open_till_end.enter_context(_running(stack, process))
        until(lambda: _answers(stack), within=60, what="the web server answers")
        yield stack.client(), [int(word) for word in ended.stdout.splitlines()[-1].split()]


@contextmanager
def _running(stack: Stack, process) -> Iterator[None]:
    program, *options = process.command
    environment = stack.environment | dict(process.environment)
    command = [str(Path(sys.executable).parent / program), *options]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
    try:
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def _answers(stack: Stack) -> bool:
    try:
        return Client(stack.url).get("/health/live").status == 200
    except OSError:
        return False


def main() -> None:
    """Make the items with a vector each, and the queries, each near one of them. Prints the queries' ids."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
    django.setup()
    # Only here: models load once Django is set up.
    from tests.desk import desk
    from webapp.accounts.models import User
    from webapp.batches.models import Query
    from webapp.gallery.models import Item, ItemVector
    from webapp.registry.selectors import live_release

    count, queries = map(int, sys.argv[1:])
    model, random = live_release().model, np.random.default_rng(_SEED)
    rows = (
        Item(name=f"{n:06}.stl", sha256=f"{n:064x}", character=chr(0x4E00 + n % 20_000), state="ready")
        for n in range(count)
    )
    items = Item.objects.bulk_create(rows, batch_size=_AT_ONCE)
    vectors = unit(random.standard_normal((count, model.width)).astype(np.float32))
    ItemVector.objects.bulk_create(
        (
            ItemVector(item=item, model=model, mirrored=True, vector=vector.astype("<f4").tobytes())
            for item, vector in zip(items, vectors, strict=True)
        ),
        batch_size=_AT_ONCE,
    )
    made = desk(User.objects.get(username="curator"), queries=queries, items=5).queries
    near = unit(vectors[:queries] + 0.3 * unit(random.standard_normal((queries, model.width))))
    for query, vector in zip(made, near, strict=True):
        values = {"vector": vector.astype("<f4").tobytes(), "vector_model": model}
        Query.objects.filter(pk=query.pk).update(**values)
    print(*(query.pk for query in made))  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
