"""Speed of a running installation, asked from outside as people and programs ask it."""

import http.client
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import numpy as np

from bench.machine import memory_mb
from bench.table import BenchmarkRow
from tests import meshes, pictures
from tests.browser.client import Client, until
from tests.browser.stack import PASSWORD, Stack

MESHES, CELLS, IMAGES, SINGLES, PAGES = 600, 100, 1000, 20, 60


@contextmanager
def installation() -> Iterator[Stack]:
    """A fresh installation in a temporary folder, started as ``make run`` starts it."""
    with TemporaryDirectory(prefix="mocban-bench-") as folder:
        settings = {"MOCBAN_LEASE_SECONDS": "60", "MOCBAN_WORKERS": ""}  # as many as there are cores
        stack = Stack(Path(folder), settings).start()
        try:
            yield stack
        finally:
            stack.stop()


def rows() -> Iterator[BenchmarkRow]:
    """Measure all of it, one after the other, on one installation."""
    with installation() as stack:
        yield gallery_import(stack)
        client = stack.client()
        batch, row = many_images(client)
        yield row
        yield one_image(client)
        yield review_page(stack, client, batch)
        yield from memory(stack)


def gallery_import(stack: Stack) -> BenchmarkRow:
    """``manage.py import_gallery`` on a folder of meshes, until every item can be found."""
    folder = stack.folder / "meshes"
    folder.mkdir()
    with ProcessPoolExecutor() as pool:
        list(pool.map(_write_block, ((folder / f"{seed}.stl", seed) for seed in range(MESHES)), chunksize=20))
    began = time.monotonic()
    stack.manage("import_gallery", str(folder), within=1800)
    took = time.monotonic() - began
    ready = stack.client().get("/api/v1/items/?state=ready&page_size=1").json["count"]
    if ready < MESHES:
        raise RuntimeError(f"only {ready} of {MESHES} items became ready")
    return BenchmarkRow(
        "gallery import",
        f"**{MESHES / took:.1f} meshes/s**",
        "20 meshes/s",
        f"`manage.py import_gallery` of {MESHES} binary STL files of {2 * CELLS**2:,} triangles, "
        f"the command's start included: {took:.0f} s",
    )


def _write_block(job: tuple[Path, int]) -> None:
    path, seed = job
    path.write_bytes(meshes.block(seed, cells=CELLS))


def many_images(client: Client) -> tuple[dict, BenchmarkRow]:
    """A batch of many images in one upload, until the last suggestion."""
    with ProcessPoolExecutor() as pool:
        contents = pool.map(_print, range(IMAGES), chunksize=50)
        files = [(f"{seed:04}.png", content) for seed, content in enumerate(contents)]
    began = time.monotonic()
    sent = client.send("/api/v1/batches/", files, {"name": "benchmark"})
    uploaded = time.monotonic() - began
    batch = until(lambda: _done(client, sent.json["id"], IMAGES), within=600, every=0.25)
    took = time.monotonic() - began
    if batch["failed"]:
        raise RuntimeError(f"{batch['failed']} images failed")
    how = f"one API upload ({uploaded:.1f} s of it) of {IMAGES:,} PNG files of 128 x 128 px"
    return batch, BenchmarkRow(f"{IMAGES:,} images, upload to suggestions", f"**{took:.1f} s**", "60 s", how)


def _print(seed: int) -> bytes:
    return pictures.png(seed % MESHES, style=1 + seed // MESHES)


def _done(client: Client, batch: int, count: int) -> dict | None:
    found = client.get(f"/api/v1/batches/{batch}/").json
    return found if found["done"] + found["failed"] >= count else None


def one_image(client: Client) -> BenchmarkRow:
    """One image at a time on an idle system: upload to suggestions."""
    times = []
    for number in range(SINGLES):
        content = pictures.png(number, style=99)
        time.sleep(0.5)
        began = time.monotonic()
        batch = client.send("/api/v1/batches/", [("one.png", content)], {"name": f"one {number}"}).json
        until(lambda batch=batch: _suggested(client, batch["id"]), within=60, every=0.01)
        times.append(time.monotonic() - began)
    middle, high = np.percentile(times, [50, 95])
    how = f"API upload until its five suggestions can be read, {SINGLES} times; median {middle:.2f} s"
    return BenchmarkRow("one image on an idle system, 95th percentile", f"**{high:.2f} s**", "1 s", how)


def _suggested(client: Client, batch: int) -> bool:
    queries = client.get(f"/api/v1/queries/?batch={batch}").json["results"]
    return bool(queries) and queries[0]["status"] == "ready" and len(queries[0]["suggestions"]) == 5


def review_page(stack: Stack, client: Client, batch: dict) -> BenchmarkRow:
    """Review pages of a large batch, one after the other, as a logged-in browser asks for them."""
    queries = client.get(f"/api/v1/queries/?batch={batch['id']}&page_size={PAGES}").json["results"]
    cookie = session_cookie(stack)
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    times = []
    for query in queries:
        began = time.monotonic()
        connection.request(
            "GET", f"/batches/{batch['id']}/review/?query={query['id']}", headers={"Cookie": cookie}
        )
        answer = connection.getresponse()
        answer.read()
        times.append(1000 * (time.monotonic() - began))
        if answer.status != 200:
            raise RuntimeError(f"a review page answered {answer.status}")
    middle, high = np.percentile(times, [50, 95])
    how = f"{len(times)} pages of the batch of {IMAGES:,}, over the loopback; median {middle:.0f} ms"
    return BenchmarkRow("a review page at the server, 95th percentile", f"**{high:.0f} ms**", "100 ms", how)


def session_cookie(stack: Stack) -> str:
    """The Cookie header of a browser that logged in as the curator."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    connection.request("GET", "/accounts/login/")
    page = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
    cookie = _cookies(page)
    form = urlencode({"username": "curator", "password": PASSWORD, "csrfmiddlewaretoken": token})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/accounts/login/", form, headers)
    answer = connection.getresponse()
    answer.read()
    return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(value.split(";")[0] for name, value in answer.getheaders() if name == "Set-Cookie")


def memory(stack: Stack) -> Iterator[BenchmarkRow]:
    """Memory of the worker processes after all of this work."""
    for queue in ("interactive", "batch"):
        parent, children = stack.worker_pids(queue)
        own = memory_mb(children)
        everything = memory_mb([parent, *children])
        largest = max(own, key=lambda pair: pair[1])
        yield BenchmarkRow(
            f"memory of the {queue} worker",
            f"**{largest[1]:.0f} MB** RSS, {largest[0]:.0f} MB PSS",
            "1,500 MB",
            f"its largest process after the work above; {len(everything)} processes in all "
            f"{sum(pair[0] for pair in everything):.0f} MB PSS",
        )
