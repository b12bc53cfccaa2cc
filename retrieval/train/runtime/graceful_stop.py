"""How the starter of a run asks it to stop: by closing its standard input, or by dying."""

import os
import threading
from collections.abc import Callable


def stop_when_closed(descriptor: int, *, patience: float = 120.0) -> Callable[[], bool]:
    """Whether the stream of this descriptor has ended. A process that does not stop then is ended.

    descriptor: read past Python's buffers: a thread that waits in one of them at the end takes the process
        down.
    patience: seconds that the process has for stopping.
    """
    ended = threading.Event()

    def watch() -> None:
        while os.read(descriptor, 1):
            pass
        ended.set()
        # A process may wait for another one that is no more.
        if not threading.Event().wait(patience):
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    return ended.is_set
