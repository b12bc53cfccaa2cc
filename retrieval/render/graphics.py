"""pyrender on EGL: the one place that knows what it needs to run here."""

import ctypes
import os
import subprocess
import sys

import numpy as np

from common.errors import MocbanError

# GLU is asked for by the window library that pyrender imports, even where no window is opened.
_LIBRARIES = (("libEGL.so.1", "libegl1"), ("libGL.so.1", "libgl1"), ("libGLU.so.1", "libglu1-mesa"))
_DRIVER = "libegl-mesa0 libgl1-mesa-dri"
_REMEDY = f"Install Mesa's driver: apt-get install {_DRIVER}"
_PROBE = """
import numpy as np
from retrieval.render.graphics import open_renderer
open_renderer(8).delete()
"""
_PATIENCE_S = 60


class NoGraphicsError(MocbanError):
    """No picture can be drawn with the graphics libraries of this machine."""

    code = "no_graphics"


def open_renderer(size: int):
    """A pyrender ``OffscreenRenderer`` for (size, size) pictures, on EGL unless told otherwise.

    It belongs to this thread and process: another thread needs its own, and a process forked
    after this call must not draw at all, for the driver's threads stay behind in the parent.
    Raises NoGraphicsError, its hint naming what to install.
    """
    _load_libraries()
    try:
        return _pyrender().OffscreenRenderer(size, size)
    # PyOpenGL and the driver fail in as many ways as there are machines; all mean the same.
    except (ImportError, OSError, AttributeError, AssertionError, ValueError, RuntimeError) as error:
        raise _no_driver(error) from error
    except Exception as error:
        if type(error).__module__.split(".")[0] != "OpenGL":
            raise
        raise _no_driver(error) from error


def _pyrender():
    # PyOpenGL reads this once, when it is first imported; without it, it looks for a screen.
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
    # pyrender 0.1.45 was written for NumPy 1, and asks for this name while it draws.
    if not hasattr(np, "infty"):
        np.infty = np.inf  # type: ignore[attr-defined]
    # Only after both: it loads PyOpenGL.
    import pyrender

    return pyrender


def _load_libraries() -> None:
    for library, package in _LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError as error:
            raise NoGraphicsError(
                f"the graphics library {library} is missing",
                hint=f"Install it: apt-get install {package} {_DRIVER}",
            ) from error


def _no_driver(error: Exception) -> NoGraphicsError:
    return NoGraphicsError(
        f"EGL is there, but gives no way to draw ({type(error).__name__}: {error})".strip(),
        hint=_REMEDY,
    )


def graphics_report() -> str | None:
    """Why shaded pictures will be plain here, and what to install; None where all is well.

    Tried in a process of its own (a second or two): drawing here would keep every process
    forked later from drawing, and a broken driver may crash.
    """
    try:
        probe = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
            # The library need not be installed for this process to have found it.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
    except subprocess.TimeoutExpired:
        return f"drawing one picture took more than {_PATIENCE_S} s. {_REMEDY}"
    if probe.returncode == 0:
        return None
    try:
        _load_libraries()
    except NoGraphicsError as error:
        return f"{error}. {error.hint}"
    lines = probe.stderr.strip().splitlines()
    last = lines[-1] if lines else f"it ended with status {probe.returncode}"
    return f"drawing fails ({last[:300]}). {_REMEDY}"
