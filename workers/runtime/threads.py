"""How many threads the numeric libraries of one process may use."""

import os

_LIBRARIES = ("OMP", "MKL", "OPENBLAS", "NUMBA")


def one_thread_each() -> None:
    """One thread a process: processes are the parallelism, and more threads would only spin.

    To be called before torch, numpy or numba are loaded; what the operator set stays as it is.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    for library in _LIBRARIES:
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
