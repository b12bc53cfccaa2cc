"""Numba functions, kept compiled on disk wherever there is a place to keep them."""

from collections.abc import Callable

from numba import njit


def compiled(function: Callable) -> Callable:
    """Compile ``function`` on its first call, and keep the machine code for the next process.

    An installation may be read only, home folder included. Numba then refuses to cache at
    decoration time, so the function is compiled anew in each process instead.
    """
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)
