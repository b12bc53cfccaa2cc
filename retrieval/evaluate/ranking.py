"""Fill a gallery from files, and rank its items for each query picture."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from common.errors import BadInput
from retrieval.evaluate.methods.by_name import Method
from retrieval.evaluate.prepare import Failure, Read, failure_of, prepare_heights
from retrieval.io.images import read_image

Progress = Callable[[int], None]

_AT_ONCE = 64


@dataclass(frozen=True)
class FilledGallery:
    """A filled gallery.

    items: file names by their number. failures: the files left out. seconds: how long it took.
    """

    method: Method
    items: tuple[str, ...]
    failures: tuple[Failure, ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """The items found for one query, most similar first, or why it could not be read."""

    query: str
    items: tuple[str, ...]
    distances: tuple[float, ...] = ()
    failure: Failure | None = None


def fill_gallery(
    method: Method, names: Sequence[str], read: Read, *, jobs: int, progress: Progress | None = None
) -> FilledGallery:
    """Read every mesh into a method's gallery; the broken ones are named and left out.

    read: from a name to the file's bytes. jobs: processes that read; 0 for none but this one.
    progress: called with how many files came to their end since the last call.
    """
    started = time.perf_counter()
    items: list[str] = []
    failures: list[Failure] = []
    for some in _batches(prepare_heights(names, read, jobs=jobs), progress):
        good = [one for one in some if one.height is not None]
        failures += [one.failure for one in some if one.failure is not None]
        if good:
            method.add_items([one.height for one in good])
            items += [one.name for one in good]
    return FilledGallery(method, tuple(items), tuple(failures), time.perf_counter() - started)


def rank_queries(
    gallery: FilledGallery, names: Sequence[str], read: Read, k: int, *, progress: Progress | None = None
) -> Iterator[Ranking]:
    """Rank the gallery's items for each query, in the order of their names.

    A picture that cannot be read gives an empty ranking with its failure.
    """
    for some in _batches((_picture(name, read) for name in names), progress):
        good = [picture for _, picture in some if isinstance(picture, np.ndarray)]
        hits = gallery.method.rank(good, k) if good and gallery.items else None
        row = 0
        for name, picture in some:
            if isinstance(picture, Failure):
                yield Ranking(name, (), failure=picture)
                continue
            if hits is None:
                yield Ranking(name, (), ())
                continue
            found = np.flatnonzero(hits.ids[row] >= 0)
            yield Ranking(
                name,
                tuple(gallery.items[hits.ids[row, place]] for place in found),
                tuple(float(hits.distances[row, place]) for place in found),
            )
            row += 1


def _picture(name: str, read: Read) -> tuple[str, np.ndarray | Failure]:
    try:
        return name, read_image(read(name), name=name)
    except BadInput as error:
        return name, failure_of(name, error)


def _batches(things: Iterable, progress: Progress | None) -> Iterator[list]:
    """Lists of a few dozen; each thing is reported as it comes, so that a bar moves evenly."""
    source = iter(things)
    while some := list(islice(_reported(source, progress), _AT_ONCE)):
        yield some


def _reported(things: Iterator, progress: Progress | None) -> Iterator:
    for thing in things:
        if progress is not None:
            progress(1)
        yield thing
