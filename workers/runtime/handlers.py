"""How each kind of job is done: ``JOB`` of the module of ``workers/tasks`` that bears the kind's name."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

from webapp.jobs.kinds import JobKind
from workers.runtime.progress import JobProgress

_TASKS = Path(__file__).parents[1] / "tasks"


class OnGiveUp(Protocol):
    """Writes down, in the rows that a job was for, that it failed for good."""

    def __call__(self, payload: dict, *, code: str, error: str, hint: str) -> None: ...


@dataclass(frozen=True)
class JobHandler:
    """How a kind of job is done.

    kind: as the room of the web app declares it that enqueues such jobs.
    run: does one, given its payload.
    on_give_up: called, within the transaction, when one fails for good.
    nobody_waits: why that is not needed, where there is none.
    members: the payload's key of the list of things to do; empty for a job that cannot be divided.
    """

    kind: JobKind
    run: Callable[[dict, JobProgress], None]
    on_give_up: OnGiveUp | None = None
    nobody_waits: str = ""
    members: str = ""


def handler_of(kind: str) -> JobHandler:
    """The handler of a kind of this name.

    Only now is its module imported: most load torch, and a worker that never does such jobs stays small.

    Raises:
        KeyError: this version has no such kind.
    """
    return import_module(_modules()[kind]).JOB


@cache
def _modules() -> dict[str, str]:
    """The modules below ``workers/tasks`` by the kind that their name stands for, none of them imported."""
    found = pkgutil.walk_packages([str(_TASKS)], "workers.tasks.")
    return {name.rpartition(".")[2].replace("_", ".", 1): name for _, name, package in found if not package}
