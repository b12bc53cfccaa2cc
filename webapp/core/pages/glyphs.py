"""Characters drawn from fonts that have them, so that a page never shows an empty box.

The fonts come from the page assets and from the system. Private-use characters are never drawn: what a
font keeps there is its own affair, and seldom the character meant.
"""

import threading
import unicodedata
from functools import lru_cache
from pathlib import Path

import freetype
from django.conf import settings
from freetype.raw import FT_Face_GetCharVariantIndex

from common.han import SELECTORS, within

_FIRST = (
    "cactus-classical-serif/400Regular/CactusClassicalSerif_400Regular.ttf",
    "shippori-mincho/400Regular/ShipporiMincho_400Regular.ttf",
)
_SYSTEM = Path("/usr/share/fonts")
# Fonts known to draw Han well come before whatever else the system has.
_PREFERRED = ("hanamin", "babelstonehan", "ipamjm", "ipamj", "cns", "tw-sung", "tw-kai", "notoserifcjk")
_HAN = (0x4E00, 0x20000, 0x30000)
_EM = 1000
_ABOVE = 880  # the ideographic square reaches 0.88 em above the baseline

# FreeType's faces are not made for several threads at once.
_lock = threading.Lock()


@lru_cache(maxsize=4096)
def glyph_svg(text: str) -> str | None:
    """``text`` as an SVG picture, one square a character; None where no font has it all.

    A variation selector asks for that very form. Where no font has the form, there is no picture: another
    form would be another character to the reader.
    """
    with _lock:
        paths = [_path(base, selector, place * _EM) for place, (base, selector) in enumerate(_clusters(text))]
    if not paths or None in paths:
        return None
    box = f"0 0 {len(paths) * _EM} {_EM}"
    drawn = "".join(f'<path d="{path}"/>' for path in paths)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" fill="currentColor">{drawn}</svg>'


def has_glyph(text: str) -> bool:
    """Whether ``text`` can be drawn."""
    return glyph_svg(text) is not None


def _clusters(text: str) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    for char in map(ord, text):
        selects = within(char, SELECTORS)
        if selects and found and found[-1][1] is None:
            found[-1] = (found[-1][0], char)
        else:
            found.append((char, None))
    return found


def _path(base: int, selector: int | None, left: float) -> str | None:
    """SVG path of one character in the square at ``left``; None where no font has it."""
    if unicodedata.category(chr(base)) in {"Co", "Cc", "Cs", "Zs"}:
        return None
    for file in _files():
        face = _face(file)
        if face and (path := _draw(face, base, selector, left)):
            return path
    return None


def _draw(face: freetype.Face, base: int, selector: int | None, left: float) -> str:
    number = (
        FT_Face_GetCharVariantIndex(face._FT_Face, base, selector) if selector else face.get_char_index(base)
    )
    if not number:
        return ""
    face.load_glyph(number, freetype.FT_LOAD_NO_SCALE | freetype.FT_LOAD_NO_HINTING)
    scale = _EM / face.units_per_EM
    indent = left + (_EM - face.glyph.metrics.horiAdvance * scale) / 2
    parts: list[str] = []

    def place(point: freetype.Vector) -> str:
        return f"{indent + point.x * scale:.0f} {_ABOVE - point.y * scale:.0f}"

    face.glyph.outline.decompose(
        parts,
        move_to=lambda to, out: out.append(f"M{place(to)}"),
        line_to=lambda to, out: out.append(f"L{place(to)}"),
        conic_to=lambda a, to, out: out.append(f"Q{place(a)} {place(to)}"),
        cubic_to=lambda a, b, to, out: out.append(f"C{place(a)} {place(b)} {place(to)}"),
    )
    return "".join(parts)


@lru_cache(maxsize=1)
def _files() -> tuple[Path, ...]:
    assets = [settings.BASE_DIR / "node_modules" / "@expo-google-fonts" / name for name in _FIRST]
    system = {
        path.resolve() for path in _SYSTEM.rglob("*") if path.suffix.lower() in {".ttf", ".otf", ".ttc"}
    }
    ordered = sorted(system, key=lambda path: (_preference(path), path.name))
    return (*(path for path in assets if path.exists()), *ordered)


def _preference(path: Path) -> int:
    name = path.name.lower()
    ranks = [rank for rank, word in enumerate(_PREFERRED) if name.startswith(word)]
    return ranks[0] if ranks else len(_PREFERRED)


@lru_cache(maxsize=256)
def _face(path: Path) -> freetype.Face | None:
    """The opened font, or None where the file is none or has no Han."""
    try:
        face = freetype.Face(str(path))
    except freetype.FT_Exception:
        return None
    return face if any(face.get_char_index(code) for code in _HAN) else None
