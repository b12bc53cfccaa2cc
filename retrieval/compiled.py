"""Numba functions, kept compiled on disk wherever there is a place to keep them."""

from collections.abc import Callable

from numba import njit

# Sums may be added up in any order, which lets the processor do several at once; NaN and infinity stay true.
_FREE_ORDER = {"reassoc", "contract", "arcp", "nsz"}


def compiled(function: Callable, *, free_order: bool = False) -> Callable:
    """Compile ``function`` on its first call, and keep the machine code for the next process.

    free_order: whether sums may be added up in any order.

    An installation may be read only, home folder included. Numba then refuses to cache at
    decoration time, so the function is compiled anew in each process instead.
    """
    fast = _FREE_ORDER if free_order else False
    try:
        return njit(cache=True, nogil=True, fastmath=fast)(function)
    except RuntimeError:
        return njit(nogil=True, fastmath=fast)(function)
