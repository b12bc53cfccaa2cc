"""How fast a gallery is embedded anew: ``python -m bench.release.reindex COUNT`` does it once.

Run with the environment of an installation of its own: it makes tables and rows.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import django
from django.conf import settings
from django.core.management import call_command

from bench.release.quiet import QuietProgress
from bench.table import BenchmarkRow
from workers.runtime.threads import one_thread_each

ITEMS = 2_000
_BLOCKS, _CELLS, _ROUNDS = 100, 64, 3


def rows() -> Iterator[BenchmarkRow]:
    """The row of the benchmark page."""
    with tempfile.TemporaryDirectory(prefix="mocban-bench-") as folder:
        environment = {
            **os.environ,
            "MOCBAN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "webapp.config.settings",
        }
        command = [sys.executable, "-m", "bench.release.reindex", str(ITEMS)]
        ended = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603, our own
    times = json.loads(ended.stdout.splitlines()[-1])
    embedder, whole = min(times["embedder"]), min(times["reindexing"])
    every = ", ".join(
        f"{ITEMS / a:.0f} and {ITEMS / b:.0f}"
        for a, b in zip(times["reindexing"], times["embedder"], strict=True)
    )
    yield BenchmarkRow(
        "reindexing, by the embedder's own speed",
        f"**{embedder / whole:.0%}**",
        "90 %",
        f"{ITEMS:,} height maps out of meshes, from files to rows {ITEMS / whole:.0f} items/s, the embedder "
        f"alone {ITEMS / embedder:.0f}/s out of memory: the best of {_ROUNDS} turns of each ({every}); by "
        f"the processor time of the thread at work {_share(times['processor'])}",
    )


def _share(pairs: list[list[float]]) -> str:
    """Seconds of the embedder alone by those of reindexing."""
    return f"{min(alone for alone, _ in pairs) / min(whole for _, whole in pairs):.0%}"


def main() -> None:
    """Make the items, embed them both ways by turns, and print the seconds as JSON."""
    one_thread_each()
    django.setup()

    call_command("migrate", verbosity=0)
    (settings.ENV.data / "blobs").mkdir(exist_ok=True)  # a store without it counts as not mounted
    # Only here: once threads are limited, and Django is set up.
    from retrieval.embed import Embedder
    from webapp.gallery.models import ItemVector
    from workers.live.shipped import shipped_model
    from workers.tasks.search.index_build import embed_missing

    model, embedder = shipped_model(), Embedder.load(device="cpu")
    heights = _gallery(int(sys.argv[1]))
    embedder.embed_heights(heights[:64])
    times: dict[str, list] = {"embedder": [], "reindexing": [], "processor": []}
    for _ in range(_ROUNDS):
        alone = _seconds(lambda: embedder.embed_heights(heights))
        whole = _seconds(lambda: embed_missing(model, QuietProgress()))
        for name, pair in zip(("embedder", "reindexing"), (alone, whole), strict=True):
            times[name].append(pair[0])
        times["processor"].append([alone[1], whole[1]])
        if ItemVector.objects.count() < len(heights):
            raise RuntimeError("not every item was embedded")
        ItemVector.objects.all().delete()
    print(json.dumps(times))  # noqa: T201 - a command's answer


def _seconds(do) -> tuple[float, float]:
    """By the clock, and of the processor in this thread."""
    began, used = time.perf_counter(), time.thread_time()
    do()
    return time.perf_counter() - began, time.thread_time() - used


def _gallery(count: int) -> list:
    """So many ready items, each with a height map as a worker leaves it, and those maps as they are read."""
    # Only here: once threads are limited, and Django is set up.
    from retrieval.io.encode import height_png, read_height_png
    from retrieval.io.meshes import read_mesh
    from retrieval.render.relief import read_relief
    from tests import meshes
    from webapp.core.files.media import derived
    from webapp.gallery.models import Item

    pictures = [
        height_png(read_relief(read_mesh(meshes.block(seed, cells=_CELLS), name="block.stl").mesh).height)
        for seed in range(_BLOCKS)
    ]
    items = Item.objects.bulk_create(
        Item(name=f"{n}.stl", sha256=f"{n:064x}", state=Item.State.READY, handedness="mirrored", queued=True)
        for n in range(count)
    )
    for n, item in enumerate(items):
        path = derived("items", item.pk, "height.png")
        path.parent.mkdir(parents=True)
        path.write_bytes(pictures[n % len(pictures)])
    read = [read_height_png(picture) for picture in pictures]
    return [read[n % len(read)] for n in range(count)]


if __name__ == "__main__":
    main()
