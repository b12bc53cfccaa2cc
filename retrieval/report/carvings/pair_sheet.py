"""A sheet of registered pairs: each print, and carvings laid over it, in two colours."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.register import ItemForm, Registration, print_form

_TILE, _GAP = 96, 4
_RIGHT, _WRONG = (46, 125, 80), (190, 60, 40)
_COLUMNS = 2


def pair_sheet(
    rows: Sequence[tuple[np.ndarray, Sequence[tuple[ItemForm, Registration, bool]]]],
) -> np.ndarray:
    """(H, W, 3) uint8. A row: the print, (H, W) uint8, then carvings over it, the right one framed in green.

    Where both have ink it is dark; the print's alone is blue, the carving's alone orange.
    """
    strips = [np.hstack([_padded(one) for one in _tiles(*row)]) for row in rows]
    widest = max(strip.shape[1] for strip in strips)
    strips = [
        np.pad(one, ((0, 0), (0, widest - one.shape[1]), (0, 0)), constant_values=255) for one in strips
    ]
    if len(strips) % _COLUMNS:
        strips.append(np.full_like(strips[0], 255))
    half = len(strips) // _COLUMNS
    return np.hstack([np.vstack(strips[column * half : (column + 1) * half]) for column in range(_COLUMNS)])


def _tiles(picture: np.ndarray, fits: Sequence[tuple[ItemForm, Registration, bool]]) -> list[np.ndarray]:
    grey = cv2.resize(picture, (_TILE, _TILE), interpolation=cv2.INTER_AREA)
    return [np.repeat(grey[..., None], 3, axis=2), *(_laid(picture, *one) for one in fits)]


def _laid(picture: np.ndarray, item: ItemForm, registration: Registration, right: bool) -> np.ndarray:
    """One carving over the print, in the picture's frame."""
    tile = np.full((_TILE, _TILE, 3), 255, np.uint8)
    if registration.transform is not None:
        own = print_form(picture)
        ink = np.clip(_in_picture(own.levels[1], own.to_picture), 0, 1)
        carved = np.clip(_in_picture(item.ink, registration.transform), 0, 1)
        colours = (1 - ink, 1 - 0.5 * np.maximum(ink, carved) - 0.3 * ink * carved, 1 - carved)
        tile = np.rint(255 * np.clip(np.dstack(colours), 0, 1)).astype(np.uint8)
    return cv2.rectangle(tile, (0, 0), (_TILE - 1, _TILE - 1), _RIGHT if right else _WRONG, 2)


def _in_picture(values: np.ndarray, transform: np.ndarray) -> np.ndarray:
    """Values of a square frame as they lie in the picture's, (96, 96) float32."""
    side, half = values.shape[0], _TILE / 2
    enter = np.array([[2 / side, 0, 1 / side - 1], [0, 2 / side, 1 / side - 1], [0, 0, 1]])
    leave = np.array([[half, 0, half - 0.5], [0, half, half - 0.5]])
    matrix = leave @ np.vstack([transform, [0, 0, 1]]) @ enter
    return cv2.warpAffine(values, matrix, (_TILE, _TILE), flags=cv2.INTER_AREA)


def _padded(tile: np.ndarray) -> np.ndarray:
    return np.pad(tile, ((_GAP, 0), (_GAP, 0), (0, 0)), constant_values=255)
