"""An installation of its own, to be killed in the middle: ``python -m tests.workers.tasks.killed WHAT``.

"begin" makes sixty vectors of a model with random weights, and dies by SIGKILL while it builds the index,
when its files lie in their place and its row is not committed. "again" tells what is seen then, answers by
what is live, builds once more, and tells that too.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

import django

SHORT = 10


def main() -> None:
    """Do one of both. Prints JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
    django.setup()
    # Only here: models load once Django is set up.
    from workers.tasks.search import index_build as reindex

    reindex.EXACT_IS_FAST_TO = SHORT
    print(json.dumps({"begin": _begin, "again": _again}[sys.argv[1]]()))


def _begin() -> dict:
    # Only here: models load once Django is set up.
    import numpy as np
    from django.conf import settings

    from tests.tables import tables_copy
    from tests.workers.conftest import register, weights_file
    from tests.workers.tasks.batches.test_match import some_item, unit
    from webapp.registry.services import release_make_live
    from workers.tasks.search import index_build as reindex

    tables_copy(settings.DATABASES["default"]["NAME"])
    with tempfile.TemporaryDirectory() as folder:
        model = register(weights_file(Path(folder), 1))
    release_make_live(model=model, index=None)
    for vector in unit(np.random.default_rng(5), model.width, 60):
        some_item(model, vector)
    publish = reindex.publish_folder

    def publish_and_die(aside: Path, path: Path) -> None:
        publish(aside, path)
        os.kill(os.getpid(), signal.SIGKILL)

    reindex.publish_folder = publish_and_die
    _build()
    return {}


def _again() -> dict:
    before = _seen()
    _build()
    return {"before": before, "after": _seen()}


def _build() -> None:
    # Only here: models load once Django is set up.
    from webapp.jobs.kinds import JobKind
    from webapp.jobs.leases import job_claim
    from webapp.jobs.services import job_enqueue
    from workers.runtime.progress import JobProgress
    from workers.tasks.search.index_build import index_build

    lease = job_claim(job_enqueue(kind=JobKind("test", "batch"), payload={}).pk)
    index_build({}, JobProgress(lease))


def _seen() -> dict:
    """What anybody sees of indexes, and whether what is live finds each vector itself."""
    # Only here: models load once Django is set up.
    from webapp.registry.models import IndexVersion, Release
    from workers.live import cache
    from workers.live.vectors import read_vectors

    live = cache.live()
    _, vectors = read_vectors(live.release.model)
    found = live.search(vectors, 1)
    return {
        "releases": Release.objects.count(),
        "live": Release.objects.filter(live=True).count(),
        "rows": list(IndexVersion.objects.values_list("pk", flat=True)),
        "index": live.index is not None,
        "found": bool((found.distances[:, 0] < 1e-3).all()),
    }


if __name__ == "__main__":
    main()
