"""What a kind of job is, and which queues there are.

The room of the web app that enqueues such jobs declares their kind; a module of ``workers/tasks`` that bears
the kind's name declares how they are done.
"""

from dataclasses import dataclass
from typing import Literal, get_args

# What somebody waits for; large batches, imports, exports and measurements, which take turns (see ``turns``);
# and training, which may take a night and has a worker of its own.
Queue = Literal["interactive", "batch", "training"]
QUEUES: tuple[Queue, ...] = get_args(Queue)


@dataclass(frozen=True)
class JobKind:
    """One kind of work.

    name: two words, such as "items.prepare"; then the module is ``items_prepare``. It stands in the rows of
    jobs, and never changes. queue: where such jobs wait, unless whoever enqueues one says otherwise.
    """

    name: str
    queue: Queue

    def __str__(self) -> str:
        return self.name
