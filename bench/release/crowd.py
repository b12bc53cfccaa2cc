"""A gallery of so many items and two models that know all of them.

``python -m bench.release.crowd ITEMS QUERIES`` makes them in the environment of an installation that is set
up and not running, and prints as JSON what was made. With ``reload`` in place of the numbers it prints the
seconds that a worker takes to load what is live.
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import numpy as np

from bench.index.vectors import unit
from bench.release.quiet import QuietProgress
from retrieval.embed import Embedder
from retrieval.models import load_weights, save_weights, shipped_weights

OTHER = "the same network by another name"
_AT_ONCE, _SEED, _SPREAD = 5_000, 11, 0.35


def main() -> None:
    """Make the items, their vectors by both models, the index of the live one, and a batch to review."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
    django.setup()
    if sys.argv[1] == "reload":
        print(_seconds_to_load())  # noqa: T201 - a command's answer
        return
    # Only here: models load once Django is set up.
    from tests.desk import desk
    from webapp.accounts.models import User
    from webapp.registry.selectors import live_release
    from workers.tasks.search.index_build import index_build

    count, queries = map(int, sys.argv[1:])
    live, other = live_release().model, _other_model()
    made = desk(User.objects.get(username="curator"), queries=queries, items=24, name="switched")
    items = _items(count, made.items[0])
    # What a card says of how an item lies tells which model found it: the vectors differ in nothing else.
    for model, mirrored in ((live, True), (other, False)):
        _vectors(model, [*(item.pk for item in made.items), *items], mirrored)
    index_build({}, QuietProgress())
    print(json.dumps({"batch": made.batch.pk, "model": other.pk, "release": live_release().pk}))  # noqa: T201


def _seconds_to_load() -> float:
    """Of a process that has loaded a release before, as a worker has when another one goes live."""
    # Only here: models load once Django is set up.
    from workers.live import cache

    cache.live()
    cache.forget()
    began = time.perf_counter()
    cache.live()
    return time.perf_counter() - began


def _other_model():
    """The shipped network by another name: other vectors, as far as anybody knows, at the same speed."""
    # Only here: models load once Django is set up.
    from webapp.registry.services import model_register
    from workers.live.shipped import facts_of

    with TemporaryDirectory() as folder:
        path = Path(folder) / "other.safetensors"
        save_weights(path, replace(load_weights(shipped_weights()), name=OTHER))
        return model_register(path=path, facts=facts_of(Embedder.load(path), ""))


def _items(count: int, like) -> list[int]:
    """So many ready items, all of them with one item's pictures. Returns their ids."""
    # Only here: models load once Django is set up.
    from webapp.core.files.media import derived
    from webapp.gallery.models import Item

    rows = (
        Item(
            name=f"{place:06}.stl",
            sha256=f"{place:064x}",
            character=chr(0x4E00 + place % 20_000),
            state=Item.State.READY,
            handedness=like.handedness,
            prepared_with=like.prepared_with,
            queued=True,
        )
        for place in range(count)
    )
    made = [item.pk for item in Item.objects.bulk_create(rows, batch_size=_AT_ONCE)]
    shown = derived("items", like.pk, "thumb.webp").parent
    for name in ("height.png", "report.json"):
        (shown / name).write_bytes(b"not looked at")
    for pk in made:
        shown.with_name(str(pk)).symlink_to(shown, target_is_directory=True)
    return made


def _vectors(model, items: list[int], mirrored: bool) -> None:
    """A vector of each item around one of the characters that the model learned; the same for every model."""
    # Only here: models load once Django is set up.
    from webapp.gallery.models import ItemVector

    learned = load_weights(shipped_weights()).characters.numpy()
    random = np.random.default_rng(_SEED)
    for start in range(0, len(items), _AT_ONCE):
        some = items[start : start + _AT_ONCE]
        around = learned[random.integers(len(learned), size=len(some))]
        noise = random.standard_normal(around.shape).astype(np.float32)
        vectors = unit(around + _SPREAD * unit(noise))
        ItemVector.objects.bulk_create(
            ItemVector(item_id=pk, model=model, mirrored=mirrored, vector=vector.astype("<f4").tobytes())
            for pk, vector in zip(some, vectors, strict=True)
        )


if __name__ == "__main__":
    main()
