"""Typefaces found on this machine, and which characters each of them really draws."""

from dataclasses import dataclass
from pathlib import Path

import freetype
import numpy as np

# Face name -> (file name patterns, index of the face in a collection). The names are what
# training configurations and hold-outs speak of; a face whose files are missing is left out.
_FACES: dict[str, tuple[tuple[str, ...], int]] = {
    "hanazono": (("HanaMinA.ttf", "HanaMinB.ttf"), 0),
    "tw-kai": (("TW-Kai-98_1.ttf", "TW-Kai-Ext-B-98_1.ttf", "TW-Kai-Plus-98_1.ttf"), 0),
    "tw-sung": (("TW-Sung-98_1.ttf", "TW-Sung-Ext-B-98_1.ttf", "TW-Sung-Plus-98_1.ttf"), 0),
    "babelstone": (("BabelStoneHan.ttf",), 0),
    "ipamj-mincho": (("ipamjm.ttf",), 0),
    "noto-serif-light": (("NotoSerifCJK-Light.ttc",), 0),
    "noto-serif-medium": (("NotoSerifCJK-Medium.ttc",), 3),
    "noto-serif-black": (("NotoSerifCJK-Black.ttc",), 3),
    "noto-sans-regular": (("NotoSansCJK-Regular.ttc",), 0),
    "noto-sans-black": (("NotoSansCJK-Black.ttc",), 3),
    "wenkai": (("LXGWWenKai-Regular.ttf",), 0),
    "wenkai-bold": (("LXGWWenKai-Bold.ttf",), 0),
    "ukai": (("ukai.ttc",), 0),
    "uming": (("uming.ttc",), 0),
    "bkai": (("bkai00mp.ttf",), 0),
    "cwtex-ming": (("cwming.ttf",), 0),
    "cwtex-kai": (("cwkai.ttf",), 0),
    "cwtex-fang": (("cwfs.ttf",), 0),
    "cwtex-hei": (("cwheib.ttf",), 0),
    "kouzan": (("kouzan-mouhitsu.ttf",), 0),
    "kouzan-gyosho": (("kouzan-mouhitsu-gyosho.ttf",), 0),
    "aoyagi": (("AoyagiKouzanT.ttf",), 0),
    "dejima": (("dejima-mincho-r227.ttf",), 0),
    "oradano": (("OradanoGSRR.ttf",), 0),
    "klee": (("KleeOne-SemiBold.ttf",), 0),
    "seto": (("setofont.ttf",), 0),
    "cactus": (("CactusClassicalSerif_400Regular.ttf",), 0),
    "shippori": (("ShipporiMincho_500Medium.ttf",), 0),
    "shippori-bold": (("ShipporiMincho_800ExtraBold.ttf",), 0),
    "yuji-boku": (("yuji-boku-*-400-normal.woff",), 0),
    "yuji-mai": (("yuji-mai-*-400-normal.woff",), 0),
    "yuji-syuku": (("yuji-syuku-*-400-normal.woff",), 0),
    "zen-antique": (("zen-antique-*-400-normal.woff",), 0),
}

SYSTEM_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_PIXELS = 160


@dataclass(frozen=True)
class FaceFiles:
    """One typeface.

    name: ours, not the font's.
    files: that together hold it.
    index: of the typeface in each of them.
    """

    name: str
    files: tuple[Path, ...]
    index: int


def find_faces(folders: list[Path]) -> list[FaceFiles]:
    """The typefaces of our list that lie anywhere under these folders, by name."""
    found: dict[str, list[Path]] = {}
    for folder in folders:
        for pattern in ("*.tt[fc]", "*.woff"):
            for path in sorted(folder.rglob(pattern)):
                found.setdefault(path.name, []).append(path)
    faces = []
    for name, (patterns, index) in sorted(_FACES.items()):
        files = tuple(path for pattern in patterns for path in _matching(found, pattern))
        if files:
            faces.append(FaceFiles(name, files, index))
    return faces


def _matching(found: dict[str, list[Path]], pattern: str) -> list[Path]:
    if "*" not in pattern:
        return found.get(pattern, [])[:1]
    return [paths[0] for name, paths in sorted(found.items()) if Path(name).match(pattern)]


class Typeface:
    """One opened typeface. Not to be shared between threads, nor carried over a fork."""

    def __init__(self, source: FaceFiles) -> None:
        self.name = source.name
        self._faces = [freetype.Face(str(path), source.index) for path in source.files]
        self._of: dict[int, freetype.Face] = {}
        for face in reversed(self._faces):
            face.set_pixel_sizes(_PIXELS, _PIXELS)
            self._of.update({code: face for code, glyph in face.get_chars() if glyph})

    @property
    def codepoints(self) -> set[int]:
        """What its character maps claim; some of it may be blank."""
        return set(self._of)

    def draw(self, codepoint: int) -> np.ndarray | None:
        """The glyph's own rectangle of ink, (h, w) bool; None where the face draws nothing."""
        face = self._of.get(codepoint)
        if face is None:
            return None
        face.load_char(chr(codepoint), freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING)
        bitmap = face.glyph.bitmap
        if not bitmap.width or not bitmap.rows:
            return None
        rows = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)[:, : bitmap.width]
        if bitmap.pixel_mode == freetype.FT_PIXEL_MODE_MONO:
            rows = np.unpackbits(rows, axis=1)[:, : bitmap.width] * 255
        ink = rows > 127
        return _tight(ink)


def _tight(ink: np.ndarray) -> np.ndarray | None:
    """The rows and columns that hold ink; None for a blank or a speck."""
    if np.count_nonzero(ink) < 60:
        return None
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
