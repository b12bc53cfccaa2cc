"""One carving's relief laid where the print has the character: moved, scaled, turned, and bent a little."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.register import ItemForm, PrintOver, item_form, print_form, read_item_form
from retrieval.render.ink import virtual_print
from retrieval.types import FACE

ROOM = 0.12  # of a box's sides: so much of the page around it is looked at
_FLOW_SIDE = 96  # pixels of the longer side at which bends are looked for
_SMOOTH = 0.10  # of that: bends are wide
_MOST_BEND = 0.08  # of that: and small
_LEAST_INK = 0.004


@dataclass(frozen=True)
class Laid:
    """A carving's relief on a window of the face.

    relief: (h, w) float32, 0 = floor, 1 = a stroke's top.
    fit: how well print and carving meet there, the correlation of their inks, in [-1, 1].
    """

    relief: np.ndarray
    fit: float


def form_of(height: np.ndarray) -> ItemForm:
    """What registration needs of a carving. height: (256, 256) float32 in [0, 1]."""
    return read_item_form(item_form(height))


def best_fit(ink: np.ndarray, forms: Sequence[ItemForm]) -> tuple[int, np.ndarray | None]:
    """Which carving meets a print best, and how it comes to lie, as `Registration.transform`; None: nowhere.

    ink: (h, w) float32 in [0, 1], the print around the character.
    """
    grey = np.rint(255 * (1 - ink)).astype(np.uint8)
    found = PrintOver(print_form(grey)).register(forms)
    best = max(range(len(found)), key=lambda place: found[place].score)
    return best, found[best].transform


def lay(height: np.ndarray, ink: np.ndarray, transform: np.ndarray | None) -> Laid:
    """Lay a carving on the print's place.

    height: (256, 256) float32 in [0, 1], the carving as its print reads it.
    ink: (h, w) float32 in [0, 1], the print there.
    transform: of `best_fit`; where bringing the inks' extents to each other meets better, that is done.
    """
    carved = 1 - virtual_print(height).astype(np.float32) / 255
    matrices = [_by_extent(ink, carved)]
    if transform is not None:
        matrices.append(_in_pixels(transform, ink.shape, carved.shape))
    fits = [_bent(carved, cv2.invertAffineTransform(matrix), ink) for matrix in matrices]
    fit, to_item, bend = max(fits, key=lambda one: one[0])
    x, y = _grid(bend)
    across, down = (row[0] * x + row[1] * y + row[2] for row in to_item.astype(np.float32))
    relief = cv2.remap(height / FACE, across, down, cv2.INTER_LINEAR, borderValue=0)
    return Laid(np.clip(relief, 0, 1.05).astype(np.float32), fit)


def _bent(carved: np.ndarray, to_item: np.ndarray, ink: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """How well a placed carving meets the print, its place, and the bend under which it does best."""
    lying = _warped(carved, to_item, ink.shape)
    bend = _bend(lying, ink)
    straight = _correlation(lying, ink)
    fit = _correlation(cv2.remap(lying, *_grid(bend), cv2.INTER_LINEAR), ink)
    return (fit, to_item, bend) if fit > straight else (straight, to_item, np.zeros_like(bend))


def _in_pixels(transform: np.ndarray, page: tuple[int, ...], item: tuple[int, ...]) -> np.ndarray:
    """A transform between frames from -1 to 1, as one from pixels of the item to pixels of the page."""

    def from_frame(shape: tuple[int, ...]) -> np.ndarray:
        return np.array(
            [[shape[1] / 2, 0, (shape[1] - 1) / 2], [0, shape[0] / 2, (shape[0] - 1) / 2], [0, 0, 1.0]]
        )

    whole = np.vstack([transform, [0, 0, 1]])
    return (from_frame(page) @ whole @ np.linalg.inv(from_frame(item)))[:2]


def _by_extent(ink: np.ndarray, carved: np.ndarray) -> np.ndarray:
    """(2, 3) from the carving's pixels to the page's, under which inks reach equally far."""
    page, item = _extent(ink), _extent(carved)
    scale = (page[2:] - page[:2]) / np.maximum(item[2:] - item[:2], 1)
    shift = page[:2] - scale * item[:2]
    return np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])


def _extent(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(ink > 0.5)
    if len(rows) < _LEAST_INK * ink.size:
        return np.array([0, 0, ink.shape[1] - 1, ink.shape[0] - 1], float)
    return np.array([columns.min(), rows.min(), columns.max(), rows.max()], float)


def _warped(picture: np.ndarray, to_item: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, to_item, shape[::-1], flags=flags, borderValue=0)


def _bend(lying: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """(h, w, 2) float32: from where on the carving, as it lies, each place of the window is fetched.

    Dense optical flow between the inks, made wide and small: paper gives way, strokes do not.
    """
    scale = min(1.0, _FLOW_SIDE / max(ink.shape))
    size = tuple(max(16, round(side * scale)) for side in ink.shape[::-1])
    small = _soft_grey(ink, size), _soft_grey(lying, size)
    finder = cv2.DISOpticalFlow.create(cv2.DISOpticalFlow_PRESET_MEDIUM)
    flow = finder.calc(*small, np.zeros((*small[0].shape, 2), np.float32))
    # Where there is no ink, nothing says where it went: what is near decides.
    trust = cv2.GaussianBlur(np.maximum(*small).astype(np.float32) / 255, (0, 0), 1) + 1e-3
    wide = _SMOOTH * max(size)
    weights = cv2.GaussianBlur(trust, (0, 0), wide)[..., None]
    smooth = cv2.GaussianBlur(flow * trust[..., None], (0, 0), wide) / weights
    length = np.linalg.norm(smooth, axis=2, keepdims=True)
    smooth *= np.minimum(1, _MOST_BEND * max(size) / np.maximum(length, 1e-6))
    full = cv2.resize(smooth, ink.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return (full * (np.array(ink.shape[::-1]) / size)).astype(np.float32)


def _soft_grey(ink: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    small = cv2.GaussianBlur(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), (0, 0), 1)
    return np.rint(255 * np.clip(small, 0, 1)).astype(np.uint8)


def _grid(bend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = bend.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return x + bend[..., 0], y + bend[..., 1]


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a.ravel() - a.mean(), b.ravel() - b.mean()
    return float(a @ b / max(np.sqrt(float(a @ a) * float(b @ b)), 1e-6))
