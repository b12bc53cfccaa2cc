"""Pages and whole blocks, out of the database and its files, as ``retrieval.blocks`` lays them over."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.blocks.printed.layover import Placed
from retrieval.blocks.printed.shelf import Match, matches_among
from retrieval.blocks.printed.votes import VOTES, Nearest, most_voted
from retrieval.locate.ink import ink_map
from webapp.blocks.models import Place, Scan
from webapp.core.files.media import derived
from webapp.gallery.models import Item, ItemVector
from webapp.pages.models import Box
from workers.live.release import LiveRelease

_USUAL = 70  # per cent of characters that are smaller than what counts as their size
_AT_ONCE = 10_000


def placed_page(name: str, boxes: Sequence[Box], vectors: np.ndarray, grey: np.ndarray) -> Placed:
    """The characters of a page. vectors: (N, D) float32, of the boxes. grey: (H, W) uint8."""
    corners = np.array([(box.x, box.y, box.w, box.h) for box in boxes], float).reshape(-1, 4)
    usual = float(np.percentile(corners[:, 2:].max(axis=1), _USUAL)) if len(corners) else 30.0
    return Placed(name, corners[:, :2] + corners[:, 2:] / 2, corners[:, 2:], vectors, ink_map(grey, usual))


class LiveFaces:
    """The faces of the gallery's whole blocks; those that are asked for are read from the database once."""

    def __init__(self, loaded: LiveRelease, scans: Sequence[int]) -> None:
        """scans: ids of those that are searched."""
        self._loaded, self.scans = loaded, list(scans)
        self._numbers = {pk: number for number, pk in enumerate(self.scans)}
        self._read: dict[int, tuple[Placed, list[int]]] = {}
        rows = Place.objects.filter(scan__in=self.scans, deleted=None, item__state=Item.State.READY)
        counts = [self._numbers[pk] for pk in rows.values_list("scan", flat=True).iterator()]
        self._counts = np.bincount(np.array(counts, int), minlength=len(self.scans))

    def matches(self, page: Placed) -> list[Match]:
        """The faces that a page may come from, the best first, each named by its scan's id."""
        if not len(page.vectors) or not self.scans:
            return []
        voted = most_voted(self._nearest(page.vectors), self._counts)
        return matches_among(page, voted, lambda number: self._of(number)[0], tried=len(self.scans))

    def face(self, name: str) -> Placed:
        """The face of a match."""
        return self._of(self._numbers[int(name)])[0]

    def items(self, name: str) -> list[int]:
        """The items of its characters, in their order."""
        return self._of(self._numbers[int(name)])[1]

    def _nearest(self, vectors: np.ndarray) -> Nearest:
        """The places of the faces on which the characters' nearest items stand."""
        # Items of single meshes are found, too, and those read in two ways twice.
        hits = self._loaded.search(vectors, 2 * VOTES)
        known = np.unique(hits.ids[hits.ids >= 0]).tolist()
        stands: dict[int, tuple[int, int]] = {}
        for start in range(0, len(known), _AT_ONCE):
            rows = ItemVector.objects.filter(
                pk__in=known[start : start + _AT_ONCE],
                item__place__deleted=None,
                item__place__scan__isnull=False,
            )
            for pk, scan, order in rows.values_list("pk", "item__place__scan", "item__place__order"):
                stands[pk] = self._numbers.get(scan, -1), int(order)  # a box put between two has a half
        found = np.array([stands.get(pk, (-1, 0)) for pk in hits.ids.ravel().tolist()], int).reshape(-1, 2)
        return Nearest(found[:, 0].reshape(hits.ids.shape), found[:, 1].reshape(hits.ids.shape))

    def _of(self, number: int) -> tuple[Placed, list[int]]:
        if number not in self._read:
            self._read[number] = self._read_face(self.scans[number])
        return self._read[number]

    def _read_face(self, pk: int) -> tuple[Placed, list[int]]:
        rows = Place.objects.filter(scan=pk, deleted=None, item__state=Item.State.READY).order_by(
            "order", "pk"
        )
        columns = ("item", "x_mm", "y_mm", "w_mm", "h_mm")
        places = {item: box for item, *box in rows.values_list(*columns) if None not in box}
        vectors = self._vectors(places)
        items = [item for item in places if item in vectors]
        boxes = np.array([places[item] for item in items], float).reshape(-1, 4)
        width = self._loaded.release.model.width
        stacked = np.array([vectors[item] for item in items], np.float32).reshape(-1, width)
        ink, pitch = _ink(Scan.objects.get(pk=pk))
        return Placed(str(pk), boxes[:, :2] + boxes[:, 2:] / 2, boxes[:, 2:], stacked, ink, pitch), items

    def _vectors(self, items) -> dict[int, np.ndarray]:
        """The vector of each item, read the way round in which its face was found to print."""
        model = self._loaded.release.model_id
        rows = ItemVector.objects.filter(item__in=list(items), model=model).order_by("-pk")
        found: dict[int, tuple[bool, np.ndarray]] = {}
        for item, mirrored, way, data in rows.values_list("item", "mirrored", "item__handedness", "vector"):
            usual = mirrored == (way == Item.Handedness.MIRRORED)
            if item not in found or usual >= found[item][0]:
                found[item] = (usual, np.frombuffer(bytes(data), "<f4"))
        return {item: vector for item, (_, vector) in found.items()}


def _ink(scan: Scan) -> tuple[np.ndarray, float]:
    """The ink print of a face, and the millimetres of a pixel; no ink, where its picture is gone."""
    picture = cv2.imread(str(derived("scans", scan.pk, "ink.png")), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        return np.zeros((1, 1), np.float32), 1.0
    return 1 - picture.astype(np.float32) / 255, 1 / (scan.px_per_mm or 1.0)
