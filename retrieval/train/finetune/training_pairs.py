"""What fine-tuning learns from: prints with the blocks they match, read from a list of files.

The list is JSON Lines. {"kind": "pair", "side": "train" or "validation", "print", "height", "mirrored",
"query", "block", "character"} names a print's file and the height map of a block that it matches; lines with
one "query" are matches of one print. {"kind": "block", "height", "mirrored", "block", "character"} is any
other block, {"kind": "print", "print"} any other print: of these the tuned network has to make what the old
one made. Height maps are 16-bit PNG; "mirrored" ones are read flipped. "character" may be empty.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.errors import BadInput
from retrieval.errors import BadImage
from retrieval.io.images import read_image

SIDE = 96  # of what is kept in memory, in pixels


@dataclass(frozen=True)
class Pairs:
    """N pairs of a print and a block that it matches. Pairs of two classes never match each other.

    prints: (N,) places in the prints of the ``TrainingPairs``.
    heights: (N,) places in their height maps.
    labels: (N,) class of each, from 0.
    """

    prints: np.ndarray
    heights: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class TrainingPairs:
    """All that a run learns from, in memory.

    prints: pictures (H, W) uint8, dark on light.
    heights: (SIDE, SIDE) uint8 each, reading as a print does.
    blocks: name of the block of each height map.
    train, validation: pairs of the two sides.
    other_prints: (P,) places of prints that nobody labelled.
    other_heights: (H,) places of height maps that nobody labelled.
    codepoints: (C,) int32, of each class of ``train``; 0 where it has none, or several.
    matches: for each print that has any, the blocks it matches.
    missing: how many files could not be read.
    """

    prints: list[np.ndarray]
    heights: list[np.ndarray]
    blocks: list[str]
    train: Pairs
    validation: Pairs
    other_prints: np.ndarray
    other_heights: np.ndarray
    codepoints: np.ndarray
    matches: dict[int, set[str]]
    missing: int


def read_training_pairs(path: Path) -> TrainingPairs:
    """Read the list, and all files that it names; those that cannot be read are counted and left out.

    Raises:
        BadInput: the list cannot be read, or holds no pair to train on.
    """
    store = _Store()
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        pairs = [pair for line in lines if line["kind"] == "pair" and (pair := store.pair(line))]
        others = [store.print(line) for line in lines if line["kind"] == "print"]
        blocks = [store.height(line) for line in lines if line["kind"] == "block"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BadInput(f"{path.name} is no list of training pairs: {problem!r}") from problem
    sides = {side: [pair for pair in pairs if pair.side == side] for side in ("train", "validation")}
    if not sides["train"]:
        raise BadInput(
            "no label of the training side can be learned from",
            hint="label more pictures, and freeze another snapshot",
        )
    labels = {side: _labels(found) for side, found in sides.items()}
    matches: dict[int, set[str]] = {}
    for pair in pairs:
        matches.setdefault(pair.print, set()).add(store.blocks[pair.height])
    return TrainingPairs(
        store.prints,
        store.heights,
        store.blocks,
        _pairs(sides["train"], labels["train"]),
        _pairs(sides["validation"], labels["validation"]),
        np.array([place for place in others if place is not None], int),
        np.array([place for place in blocks if place is not None], int),
        _codepoints(sides["train"], labels["train"]),
        matches,
        len(store.missing),
    )


def dark_on_light(gray: np.ndarray) -> np.ndarray:
    """(H, W) uint8 of either polarity to dark ink on light paper, by the level of the rim."""
    rim = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    paper = float(np.median(rim))
    low, high = np.percentile(gray, (0.5, 99.5))
    return gray if paper - low >= high - paper else 255 - gray


@dataclass(frozen=True)
class _Pair:
    side: str
    print: int
    height: int
    character: str
    block: str


class _Store:
    """Pictures read once each, by the file's name and how it is read."""

    def __init__(self) -> None:
        self.prints: list[np.ndarray] = []
        self.heights: list[np.ndarray] = []
        self.blocks: list[str] = []
        self.missing: set[str] = set()
        self._places: dict[tuple[str, bool], int] = {}

    def pair(self, line: dict) -> _Pair | None:
        """The pair that a line names; None where a file of it cannot be read."""
        print_, height = self.print(line), self.height(line)
        if print_ is None or height is None:
            return None
        return _Pair(line["side"], print_, height, line["character"], line["block"])

    def print(self, line: dict) -> int | None:
        """Place of a line's print."""
        return self._place(line["print"], False, self.prints, _read_print)

    def height(self, line: dict) -> int | None:
        """Place of a line's height map."""
        place = self._place(line["height"], bool(line["mirrored"]), self.heights, _read_height)
        if place is not None and place == len(self.blocks):
            self.blocks.append(line["block"])
        return place

    def _place(
        self, name: str, flipped: bool, kept: list[np.ndarray], read: Callable[[Path], np.ndarray]
    ) -> int | None:
        if name in self.missing:
            return None
        if (name, flipped) not in self._places:
            try:
                picture = read(Path(name))
            except (OSError, BadImage):
                self.missing.add(name)
                return None
            kept.append(np.ascontiguousarray(picture[:, ::-1]) if flipped else picture)
            self._places[name, flipped] = len(kept) - 1
        return self._places[name, flipped]


def _read_print(path: Path) -> np.ndarray:
    gray = read_image(path.read_bytes(), name=path.name)
    scale = SIDE / max(gray.shape)
    if scale < 1:
        size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return dark_on_light(gray)


def _read_height(path: Path) -> np.ndarray:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    found = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
    if found is None or found.ndim != 2:
        raise BadImage(f"{path} is no height map")
    small = cv2.resize(found.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.rint(small * (255 / (65535 if found.dtype == np.uint16 else 255))).astype(np.uint8)


def _labels(pairs: list[_Pair]) -> np.ndarray:
    """(N,) classes: pairs that share a print, a block or a character are of one."""
    parent: dict[object, object] = {}

    def root(key: object) -> object:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for pair in pairs:
        for key in _names(pair):
            parent[root(key)] = root(("print", pair.print))
    roots: dict[object, int] = {}
    return np.array([roots.setdefault(root(("print", pair.print)), len(roots)) for pair in pairs], int)


def _names(pair: _Pair) -> Iterator[tuple[str, object]]:
    yield "block", pair.block
    if pair.character:
        yield "character", pair.character


def _pairs(pairs: Iterable[_Pair], labels: np.ndarray) -> Pairs:
    pairs = list(pairs)
    return Pairs(
        np.array([pair.print for pair in pairs], int),
        np.array([pair.height for pair in pairs], int),
        labels,
    )


def _codepoints(pairs: list[_Pair], labels: np.ndarray) -> np.ndarray:
    """The codepoint of each class; 0 where it has none, several, or more than one codepoint in one."""
    found: list[set[str]] = [set() for _ in range(int(labels.max()) + 1)]
    for pair, label in zip(pairs, labels.tolist(), strict=True):
        found[label].add(pair.character)
    return np.array(
        [ord(one) if len(names) == 1 and len(one := next(iter(names))) == 1 else 0 for names in found],
        np.int32,
    )
