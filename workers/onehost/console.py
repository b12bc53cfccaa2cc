"""One terminal for several processes: each line says when and whose it is."""

import sys
import time
from typing import TextIO

_COLOURS = ("36", "33", "32", "35", "34", "31")
_WIDTH = 11


class Console:
    """Writes lines as ``12:03:11 web         | text``, coloured on a terminal."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._names: list[str] = []
        self._coloured = out.isatty()

    def say(self, name: str, text: str) -> None:
        """Print a line (or several) as coming from ``name``; a reader that went away is no error."""
        head = f"{time.strftime('%H:%M:%S')} {name:<{_WIDTH}} |"
        if self._coloured:
            head = f"\033[{self._colour(name)}m{head}\033[0m"
        try:
            for line in text.splitlines() or [""]:
                self._out.write(f"{head} {line}\n")
            self._out.flush()
        except (BrokenPipeError, OSError):
            pass

    def _colour(self, name: str) -> str:
        if name not in self._names:
            self._names.append(name)
        return _COLOURS[self._names.index(name) % len(_COLOURS)]
