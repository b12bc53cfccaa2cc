"""How long it takes to freeze labels and to export them: ``python -m bench.labels COUNT`` does it once.

Run with the environment of an installation of its own: it makes tables and rows.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from django.core.management import call_command

from bench.table import BenchmarkRow

LABELS = 100_000
_FEW = 10_000
_ITEMS = 2_000
_AT_ONCE = 2_000


def rows() -> list[BenchmarkRow]:
    """Freezing and exporting 100,000 labels, and a tenth of it to see how memory grows."""
    few, many = (_in_a_process_of_its_own(count) for count in (_FEW, LABELS))
    grown = f"memory at its peak {many['peak_mb']:.0f} MB, with {_FEW:,} labels {few['peak_mb']:.0f} MB"
    both = many["freeze"] + many["export"]
    took = f"snapshot {many['freeze']:.1f} s, JSON Lines of {many['size_mb']:.0f} MB {many['export']:.1f} s"
    how = f"{took}; {grown}"
    return [BenchmarkRow(f"snapshot and export of {LABELS:,} labels", f"**{both:.1f} s**", "60 s", how)]


def _in_a_process_of_its_own(count: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "MOCBAN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "webapp.config.settings",
        }
        command = [sys.executable, "-m", "bench.labels", str(count)]
        ended = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603, our own
    return json.loads(ended.stdout.splitlines()[-1])


def main() -> None:
    """Make the labels, freeze and export them, and print what it took as JSON."""
    django.setup()

    call_command("migrate", verbosity=0)
    curator = _labelled(int(sys.argv[1]))
    measured = _measured(curator)
    measured["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measured))  # noqa: T201 - a command's answer


def _measured(curator) -> dict:
    # Only here: models load once Django is set up.
    from webapp.datasets.exports.file import write_export
    from webapp.datasets.models import Export
    from webapp.datasets.snapshots.files import Freezing
    from webapp.datasets.snapshots.services import snapshot_finish, snapshot_request, snapshot_write

    snapshot = snapshot_request(user=curator)
    began = time.perf_counter()
    freezing = Freezing(snapshot.number)
    frozen = snapshot_write(snapshot=snapshot, freezing=freezing, report=lambda done, total: None)
    freezing.publish()
    snapshot_finish(snapshot=snapshot, frozen=frozen)
    snapshot.refresh_from_db()
    froze = time.perf_counter()
    with tempfile.NamedTemporaryFile() as file:
        export = Export(snapshot=snapshot, owner=curator, format="jsonl")
        write_export(export, file, report=lambda done, total: None)
        size = Path(file.name).stat().st_size
    return {"freeze": froze - began, "export": time.perf_counter() - froze, "size_mb": size / 1e6}


def _labelled(count: int):
    """So many queries with five suggestions and one answer each. Returns the curator."""
    # Only here: models load once Django is set up.
    from webapp.accounts.models import User
    from webapp.batches.models import Batch, Query
    from webapp.gallery.models import Item
    from webapp.registry.models import ModelVersion, Release
    from webapp.review.models import Decision
    from webapp.search.models import Suggestion

    curator = User.objects.create(username="curator", role=User.Role.CURATOR)
    model = ModelVersion.objects.create(name="none", sha256="0" * 64, fingerprint="0", width=4, recipe={})
    release = Release.objects.create(model=model, live=True)
    batch = Batch.objects.create(owner=curator, name="bench")
    items = Item.objects.bulk_create(
        Item(name=f"{n}.stl", sha256=f"{n:064x}", character=chr(0x4E00 + n), state=Item.State.READY)
        for n in range(_ITEMS)
    )
    for start in range(0, count, _AT_ONCE):
        queries = Query.objects.bulk_create(
            Query(
                batch=batch,
                name=f"{n}.png",
                sha256=f"{n * 2654435761 % 2**64:064x}",
                state="ready",
                answered=True,
            )
            for n in range(start, min(start + _AT_ONCE, count))
        )
        values = {"release": release, "distance": 0.3, "confidence": 0.5, "mirrored": True}
        Suggestion.objects.bulk_create(
            Suggestion(query=query, item=items[(query.pk + rank) % _ITEMS], rank=rank, **values)
            for query in queries
            for rank in range(1, 6)
        )
        Decision.objects.bulk_create(
            Decision(query=query, annotator=curator, verdict="match", item=items[(query.pk + 1) % _ITEMS])
            for query in queries
        )
    return curator


if __name__ == "__main__":
    main()
