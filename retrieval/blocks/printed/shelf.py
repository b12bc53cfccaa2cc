"""Which block printed a page: votes of its characters, then where page and face lie over each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.blocks.printed.layover import Layover, Placed, lay_over
from retrieval.blocks.printed.overlap import InksMet, inks_met
from retrieval.blocks.printed.votes import VOTES, Nearest, most_voted
from retrieval.blocks.reading import ReadFace
from retrieval.embed.embedder import Embedder
from retrieval.index import ExactIndex, HnswIndex
from retrieval.locate import Localiser, crop_box, ink_map
from retrieval.types import Hits

_EXACT_TO = 50_000  # characters of all blocks
_LINKS, _WIDE = 16, 100  # of the graph, and how many candidates a walk through it keeps
# Characters of drawn pages stood unevenly over their own block by 0.006 of their side at most, over another
# hand's by 0.04 and more.
MOST_P, MOST_UNEVEN, LEAST_OVERLAP = 1e-9, 0.015, 0.6


@dataclass(frozen=True)
class Match:
    """A block that a page was laid over.

    block: its name.
    laid: where the page comes to lie.
    inks: how the page's ink meets the block's there.
    """

    block: str
    laid: Layover
    inks: InksMet

    @property
    def is_believed(self) -> bool:
        """Whether the block printed the page, as far as can be told: by place, and by how even inks meet."""
        inks = self.inks
        even = inks.uneven_mm <= MOST_UNEVEN * inks.side_mm
        return self.laid.p <= MOST_P and even and inks.overlap >= LEAST_OVERLAP


def placed_page(name: str, grey: np.ndarray, localiser: Localiser, embedder: Embedder) -> Placed:
    """The characters of a page. grey: (H, W) uint8."""
    page = localiser.locate(grey)
    if page.turn:
        grey = np.ascontiguousarray(np.rot90(grey, -(page.turn // 90)))
        page = localiser.locate(grey)
    boxes = [(box.x, box.y, box.w, box.h) for box in page.boxes]
    corners = np.array(boxes, float).reshape(-1, 4)
    vectors = embedder.embed_prints([crop_box(grey, box, page.angle) for box in page.boxes])
    usual = float(np.percentile(corners[:, 2:].max(axis=1), 70)) if len(corners) else 30.0
    ink = ink_map(grey, usual)
    return Placed(name, corners[:, :2] + corners[:, 2:] / 2, corners[:, 2:], vectors, ink)


def placed_face(name: str, read: ReadFace, embedder: Embedder) -> Placed:
    """The characters of a face as it prints."""
    boxes = [one.box for one in read.characters]
    corners = np.array([(box.x, box.y, box.w, box.h) for box in boxes], float).reshape(-1, 4)
    vectors = embedder.embed_heights([one.height for one in read.characters]).seen
    ink = 1 - read.ink.astype(np.float32) / 255
    return Placed(name, corners[:, :2] + corners[:, 2:] / 2, corners[:, 2:], vectors, ink, read.face.pitch)


class Shelf:
    """The faces of many blocks, to be asked which of them printed a page."""

    def __init__(self, faces: Sequence[Placed], *, exact_to: int = _EXACT_TO) -> None:
        """faces: of the blocks. exact_to: so many characters are all compared; of more, a graph is walked."""
        self.faces = list(faces)
        self._counts = np.array([len(face.vectors) for face in faces], int)
        self._of = np.repeat(np.arange(len(faces)), self._counts)
        self._places = np.concatenate([np.arange(count) for count in self._counts] or [np.zeros(0, int)])
        vectors = np.concatenate([face.vectors for face in faces]) if faces else np.zeros((0, 1))
        self._search = _search_of(vectors, exact_to)

    def matches(self, page: Placed, seed: int = 0) -> list[Match]:
        """The blocks that a page may come from, the best first. seed: of the lots that RANSAC draws."""
        if not len(page.vectors) or not len(self._of):
            return []
        ids = self._search(page.vectors, min(VOTES, len(self._of))).ids
        nearest = Nearest(np.where(ids < 0, -1, self._of[ids]), self._places[ids])
        voted = most_voted(nearest, self._counts)
        return matches_among(page, voted, self.faces.__getitem__, tried=len(self.faces), seed=seed)


def _search_of(vectors: np.ndarray, exact_to: int) -> Callable[[np.ndarray, int], Hits]:
    if len(vectors) <= exact_to:
        return ExactIndex(vectors).search
    # Hundreds of characters vote: one neighbour missed changes nothing; a denser graph takes hours to build.
    graph = HnswIndex.build(vectors, m=_LINKS, ef_construction=_WIDE)
    return lambda queries, k: graph.search(queries, k, ef=_WIDE)


def matches_among(
    page: Placed, voted: Sequence[int], face_of: Callable[[int], Placed], *, tried: int, seed: int = 0
) -> list[Match]:
    """Those blocks that a page can be laid over, the best first.

    voted: numbers of blocks. face_of: gives the face of one, which may have to be read from a disk first.
    tried: blocks among which these were found, which the p-value pays for.
    """
    random, found = np.random.default_rng(seed), []
    for number in voted:
        face = face_of(number)
        laid = lay_over(page, face, random, tried=tried)
        if laid is not None:
            found.append(Match(face.name, laid, inks_met(page, face, laid)))
    return sorted(found, key=lambda match: (match.is_believed, match.inks.overlap), reverse=True)
