"""Keep a C library from writing to the terminal."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR = 2
# The descriptor belongs to the whole process: two threads that swap it at once could lose it.
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Send the process's standard error nowhere for a moment.

    libtiff reports every damaged file there by itself, without its name. What the errors mean comes
    back as an exception anyway. Python's own messages of that moment are lost too: keep it short.
    """
    with _ONE_AT_A_TIME:
        try:
            kept, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
        except OSError:
            # A process without standard error has nothing to keep quiet.
            yield
            return
        os.dup2(nowhere, _STDERR)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
            os.close(nowhere)
