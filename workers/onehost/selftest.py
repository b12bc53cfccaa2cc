"""Tries each part that an installation stands on, and says what to do about those that are missing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from common.errors import MocbanError
from retrieval.embed import Embedder
from retrieval.embed.self_test import self_test
from retrieval.render.shaded import graphics_report
from webapp.config.env import Env
from webapp.core.health import troubles
from webapp.core.pages.glyphs import has_glyph
from webapp.registry.selectors import live_release, model_path
from workers.sample.typefaces import FontsMissing, carving_typeface, printing_typeface

_LOW_GB = 2.0


@dataclass(frozen=True)
class Finding:
    """What one part's trial showed.

    trouble: empty when it works, else what is wrong and what to do. needed: whether Mocban does its job
    only with it.
    """

    part: str
    trouble: str
    needed: bool = True


def findings(env: Env, root: Path) -> Iterator[Finding]:
    """Try every part, one after another. root: the project's folder."""
    found = troubles()
    for part in ("data", "database", "broker"):
        yield Finding(part, _explained(part, found.get(part, ""), env))
    yield Finding("disk", _disk(env))
    yield Finding("weights", _trouble_of(_weights))
    yield Finding("page assets", _assets(root))
    yield Finding("graphics", graphics_report() or "", needed=False)
    yield Finding("fonts", _trouble_of(lambda: _fonts(root)), needed=False)


def _explained(part: str, trouble: str, env: Env) -> str:
    if part == "broker" and trouble and env.embedded_broker:
        return "it runs only while “make run” does"
    return trouble


def _disk(env: Env) -> str:
    free = shutil.disk_usage(env.data).free / 1e9
    return f"{free:.1f} GB are left on {env.data}'s disk; free some" if free < _LOW_GB else ""


def _weights() -> str:
    release = live_release()
    if release is None:
        return "there is no live release; type: manage.py setup"
    self_test(Embedder.load(model_path(release.model), "cpu", name=f"the file of {release.model}"))
    return ""


def _assets(root: Path) -> str:
    built = root / "static" / "dist"
    return "" if built.is_dir() and any(built.iterdir()) else "they are not built; type: make assets"


def _fonts(root: Path) -> str:
    carving_typeface(root)
    printing_typeface(root)
    if has_glyph("\U00020000"):
        return ""
    return "no font draws characters beyond the BMP; type: sudo apt-get install fonts-hanazono"


def _trouble_of(trial: Callable[[], str]) -> str:
    try:
        return trial()
    except (MocbanError, FontsMissing, OSError) as error:
        return "; ".join(filter(None, (str(error), getattr(error, "hint", ""))))
