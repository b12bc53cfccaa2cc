"""How a run hears that it should stop."""

import os
import time

from retrieval.train.runtime.graceful_stop import stop_when_closed


def test_it_stops_when_its_starter_does() -> None:
    """Whoever holds the other end may write to it; only its end counts."""
    reading, writing = os.pipe()
    closed = stop_when_closed(reading, patience=1e6)
    os.write(writing, b"x")
    assert not closed()
    os.close(writing)
    over = time.monotonic() + 10
    while not closed() and time.monotonic() < over:
        time.sleep(0.01)
    assert closed()
