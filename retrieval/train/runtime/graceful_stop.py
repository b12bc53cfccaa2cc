"""How whoever started a run asks it to leave: by closing its standard input, or by dying."""

import os
import threading
from collections.abc import Callable


def left_by(descriptor: int, *, patience: float = 120.0) -> Callable[[], bool]:
    """Whether the stream of this descriptor has ended. A process that has not left then is ended.

    patience: seconds that it has for leaving.

    Read past Python's buffers: a thread that waits in one of them at the end takes the process down.
    """
    over = threading.Event()

    def watch() -> None:
        while os.read(descriptor, 1):
            pass
        over.set()
        # A process may wait for another one that is no more.
        if not threading.Event().wait(patience):
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    return over.is_set
