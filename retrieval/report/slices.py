"""Scores of the queries in all, and by what is known of them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.data.characters import BEYOND
from retrieval.evaluate.metrics import scores_of
from retrieval.report.matched import Matched
from retrieval.train.data.training_data import TrainingData

# (name, at least, at most) of typefaces in training, real crops in training, pixels of the longer side.
_TYPEFACES = (
    ("in no training image", 0, 0),
    ("in 1 to 3 typefaces", 1, 3),
    ("in 4 to 6 typefaces", 4, 6),
    ("in 7 or more typefaces", 7, 10**6),
)
_CROPS = (
    ("no real crop in training", 0, 0),
    ("1 to 9 real crops", 1, 9),
    ("10 or more real crops", 10, 10**6),
)
_SIDES = (
    ("up to 31 px", 0, 31),
    ("32 to 47 px", 32, 47),
    ("48 to 71 px", 48, 71),
    ("72 px or more", 72, 10**6),
)


@dataclass(frozen=True)
class Learned:
    """How often training showed a character, by codepoint: in how many typefaces, in how many real crops."""

    typefaces: Mapping[int, int]
    crops: Mapping[int, int]

    @classmethod
    def of(cls, data: TrainingData) -> "Learned":
        """Count what may be trained on."""
        codes = data.classes.tolist()
        faces = [len(np.unique(data.glyphs.faces[places])) for places in data.glyphs_of]
        crops = [len(places) for places in data.crops_of]
        return cls(dict(zip(codes, faces, strict=True)), dict(zip(codes, crops, strict=True)))


def slices(matched: Matched, learned: Learned) -> list[dict]:
    """Scores in all and by kind, plane, frequency in training and picture size.

    Each as {"by", "of", "queries", "mrr_at_5", "recall_at_1", "recall_at_5"}. A slicing that does not
    part the queries is left out.
    """
    ranks = matched.ranks()
    rows = [_row("", "all", ranks)]
    for by, names in _columns(matched, learned).items():
        order = list(dict.fromkeys(names))
        if len(order) < 2:
            continue
        rows += [_row(by, name, ranks[np.array(names) == name]) for name in sorted(order, key=_place)]
    return rows


def _columns(matched: Matched, learned: Learned) -> dict[str, list[str]]:
    codes = matched.queries.codepoints.tolist()
    sides = [max(picture.shape) if picture is not None else 0 for picture in matched.queries.pictures]
    return {
        "kind": [kind or "other" for kind in matched.queries.kinds],
        "plane": ["beyond the BMP" if code >= BEYOND else "BMP" for code in codes],
        "typefaces": [_bin(learned.typefaces.get(code, 0), _TYPEFACES) for code in codes],
        "crops": [_bin(learned.crops.get(code, 0), _CROPS) for code in codes],
        "size": [_bin(side, _SIDES) for side in sides],
    }


def _bin(value: int, bins: tuple[tuple[str, int, int], ...]) -> str:
    return next(name for name, low, high in bins if low <= value <= high)


def _place(name: str) -> tuple[int, str]:
    """Bins in their own order, kinds by name."""
    order = [bin_name for bins in (_TYPEFACES, _CROPS, _SIDES) for bin_name, _, _ in bins]
    return (order.index(name) if name in order else 0), name


def _row(by: str, name: str, ranks: np.ndarray) -> dict:
    return {"by": by, "of": name, **dataclasses.asdict(scores_of(ranks))}
