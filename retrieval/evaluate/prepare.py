"""Turn files into height maps, in several processes and with the broken ones named, never fatal."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import numpy as np

from common.errors import MocbanError
from retrieval.io.meshes import read_mesh
from retrieval.render.relief import read_relief

Read = Callable[[str], bytes]

# Starting processes takes longer than reading this many meshes.
_TOO_FEW_FOR_PROCESSES = 8
_WAITING_PER_PROCESS = 4


@dataclass(frozen=True)
class Failure:
    """A file that was left out, why, and what to do about it."""

    name: str
    reason: str
    hint: str = ""


@dataclass(frozen=True)
class Prepared:
    """One file's height map, (256, 256) float32, or why there is none."""

    name: str
    height: np.ndarray | None
    failure: Failure | None = None


def height_of(name: str, data: bytes) -> np.ndarray:
    """The height map of one mesh file, as seen: (256, 256) float32 in [0, 1]. Raises BadMesh."""
    return read_relief(read_mesh(data, name=name).mesh, name=name).height


def prepare_heights(names: Iterable[str], read: Read, *, jobs: int) -> Iterator[Prepared]:
    """Read meshes, in the order of their names, a few at a time.

    read: from a name to the file's bytes; may raise BadInput. jobs: processes; 0 for none but this.
    """
    names = list(names)
    jobs = min(jobs, len(names))
    if jobs < 1 or len(names) < _TOO_FEW_FOR_PROCESSES:
        return (_prepared_here(name, read) for name in names)
    return _prepared_by_processes(names, read, jobs)


def failure_of(name: str, error: BaseException) -> Failure:
    """Put an error in words for the person whose file it is."""
    if isinstance(error, MocbanError):
        return Failure(name, str(error), error.hint)
    if isinstance(error, MemoryError):
        return Failure(name, f"{name} needs more memory than there is", "reduce it")
    if isinstance(error, BrokenProcessPool):
        return Failure(name, f"{name} ended the process that read it", "reduce it; memory may have run out")
    return Failure(name, f"{name} cannot be used: {type(error).__name__}: {error}")


def _prepared_here(name: str, read: Read) -> Prepared:
    try:
        return Prepared(name, height_of(name, read(name)))
    except (MocbanError, MemoryError) as error:
        return Prepared(name, None, failure_of(name, error))


def _prepared_by_processes(names: list[str], read: Read, jobs: int) -> Iterator[Prepared]:
    """Keep a few files in flight, so that memory does not grow with the folder."""
    pool = _Pool(jobs)
    waiting: deque[tuple[str, Future]] = deque()
    try:
        for name in names:
            if len(waiting) >= _WAITING_PER_PROCESS * jobs:
                yield _finished(*waiting.popleft(), read)
            waiting.append((name, pool.submitted(name, read)))
        while waiting:
            yield _finished(*waiting.popleft(), read)
    finally:
        pool.close()


class _Pool:
    """Processes that make height maps, and new ones where a mesh took the old ones down with it."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._open()

    def submitted(self, name: str, read: Read) -> Future:
        """Read a file and hand it over; a file that cannot be read is a future that failed."""
        try:
            data = read(name)
        except MocbanError as error:
            failed: Future = Future()
            failed.set_exception(error)
            return failed
        try:
            return self._executor.submit(height_of, name, data)
        except BrokenProcessPool:
            self.close()
            self._open()
            return self._executor.submit(height_of, name, data)

    def close(self) -> None:
        """Let go of the processes, finished or not."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> None:
        # Not by fork: after torch has computed in this process, a forked child hangs. Ctrl-C is for
        # this process to answer.
        self._executor = ProcessPoolExecutor(
            self._jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_IGN),
        )


def _finished(name: str, future: Future, read: Read) -> Prepared:
    if isinstance(future.exception(), BrokenProcessPool):
        # One file took the whole pool with it, and nobody knows which: each that waited gets its own.
        alone = _Pool(1)
        future = alone.submitted(name, read)
        future.exception()
        alone.close()
    error = future.exception()
    return Prepared(name, None, failure_of(name, error)) if error else Prepared(name, future.result())
