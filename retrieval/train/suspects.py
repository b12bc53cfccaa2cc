"""`python -m retrieval suspects`: labelled crops whose label is likely wrong, the likeliest first.

Two witnesses speak for each character that a crop might show: the direction that the network learned for
the character, and the nearest crop of that label on any other page of the book. A crop is suspected as far
as another character has more for it than its own label has.
"""

import argparse
import csv
import dataclasses
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.publish import write_aside
from retrieval.data.crops import Crops, read_crops
from retrieval.embed import Embedder
from retrieval.errors import BadInput, BadModel
from retrieval.models import Weights, load_weights, shipped_weights
from retrieval.train.witnesses import Witness, doubts_of

log = logging.getLogger(__name__)
_PICTURES = 2048


@dataclass(frozen=True)
class Suspicion:
    """score: (N,), how much more another character has for it, in cosine; above 0 it has more.

    suggested: (N,) int32, that character's codepoint. wrong: (N,) bool, whether confident learning counts
    the label among the wrong ones.
    """

    score: np.ndarray
    suggested: np.ndarray
    wrong: np.ndarray


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--crops", type=Path, required=True, help="zip of labelled crops")
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="table to write, worst first")
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")


def run(args: argparse.Namespace) -> int:
    """One row a crop: path, codepoint, suggested codepoint, score. Raises BadSet, BadModel, BadInput."""
    if not args.out.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {args.out.parent} to write {args.out.name} in")
    crops = read_crops(args.crops)
    found = suspect(crops, load_weights(args.weights))
    order = np.argsort(-found.score, kind="stable")
    with write_aside(args.out) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "codepoint", "suggested", "score"))
        for place in order.tolist():
            codes = (f"U+{int(code):04X}" for code in (crops.codepoints[place], found.suggested[place]))
            table.writerow((crops.paths[place], *codes, f"{found.score[place]:.4f}"))
    suspected, wrong = int((found.score > 0).sum()), int(found.wrong.sum())
    log.info("%d crops, %d suspected, some %d wrong: %s", len(order), suspected, wrong, args.out)
    return 0


def suspect(crops: Crops, weights: Weights) -> Suspicion:
    """Weigh every crop's label against all other characters. Raises BadModel for weights that name none."""
    if weights.characters is None or weights.codepoints is None:
        raise BadModel(
            f"the weights of {weights.name} do not say which characters they learned",
            hint="train them again, or use those that came with this version of Mocban",
        )
    # Without the memory, which would draw a wrongly labelled crop to where its neighbours are.
    embedder = Embedder(dataclasses.replace(weights, calibration={}), "cpu")
    parts = []
    for start in range(0, len(crops.images), _PICTURES):
        parts.append(embedder.embed_prints(crops.images[start : start + _PICTURES]))
        log.info("%d of %d crops read", min(start + _PICTURES, len(crops.images)), len(crops.images))
    learned = weights.characters.numpy(), weights.codepoints.numpy()
    return weigh(np.concatenate(parts), crops.codepoints, np.array(crops.pages), *learned)


def weigh(
    vectors: np.ndarray, labels: np.ndarray, pages: np.ndarray, directions: np.ndarray, learned: np.ndarray
) -> Suspicion:
    """What speaks for other characters than the labels.

    vectors: (N, D) unit vectors of crops. labels, pages: (N,). directions: (K, D) of the characters
    ``learned``, (K,) codepoints.
    """
    characters = np.union1d(labels, learned)
    places = np.searchsorted(characters, labels)
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    # A page's own crops are no witnesses: one hand labelled them at one sitting.
    witnesses = [
        Witness(unit, np.searchsorted(characters, learned)),
        Witness(vectors, places, groups=pages),
    ]
    found = doubts_of(vectors, places, witnesses, count=len(characters), groups=pages)
    return Suspicion(found.margin, characters[found.best], found.wrong)
