"""How whoever started a run asks it to leave: by closing its standard input, or by dying."""

import os
import threading
from collections.abc import Callable
from typing import BinaryIO

_LONGEST_SECONDS = 120.0


def left_by(stream: BinaryIO) -> Callable[[], bool]:
    """Whether ``stream`` has ended. A process that has not left two minutes later is ended."""
    over = threading.Event()

    def watch() -> None:
        while stream.read(1):
            pass
        over.set()
        # A process may wait for another one that is no more.
        if not threading.Event().wait(_LONGEST_SECONDS):
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    return over.is_set
