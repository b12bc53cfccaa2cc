"""The second stage: among candidates of one character, the carving that fits the print best comes first.

The embedding says which character a print shows, and was taught to forget what tells its carvings apart. So
each place in the list stays with its character, and within a character registration says who gets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.rank.nearest import Candidate
from retrieval.register import ItemForm, PrintForm, PrintOver, Registration
from retrieval.register.registration import BEHIND, NO_INK, NO_STROKES

CANDIDATES = 48
"""So many items of a query are looked at."""
MOST_REGISTERED = 40
"""So many of them are registered at most."""
ALIKE = 0.05
"""Two carvings nearer than this count as of one character, where nobody says what they are. Of 800
drawn characters, one in two hundred has another character's nearer than that."""
IN_DOUBT = 0.1
"""Where another character's nearest carving lies less than this behind, the list keeps room for it."""
ROOM = 2
_LEAST_SCORE, _LEAST_COVERED = 0.45, 0.5

NO_FORM, DOUBTFUL, NO_FIT, MORE_INK = "no_form", "doubtful", "no_fit", "more_ink"


@dataclass(frozen=True)
class Placed:
    """A candidate in its place.

    distance: of the candidate that the embedding has in this place. registration: None where there was none.
    kept: why registration did not say where it stands, or empty: "no_ink" in the picture, "no_strokes" on
        the relief, "no_form" was made of it, its handedness is "doubtful", "no_fit" of any carving is good,
        or the print shows "more_ink" than one character's.
    """

    candidate: Candidate
    distance: float
    registration: Registration | None = None
    kept: str = ""


@dataclass(frozen=True)
class Row:
    """One query's candidates, nearest first, and what is known of them.

    vectors: (C, D) float32, of the readings that were found. forms: by item; those without one are left out.
    doubtful: items whose handedness is in doubt.
    """

    candidates: Sequence[Candidate]
    vectors: np.ndarray
    forms: Mapping[int, ItemForm]
    doubtful: frozenset[int] = frozenset()


def order_carvings(row: Row, picture: PrintForm, count: int) -> list[Placed]:
    """The first ``count`` of a query's candidates, each place with its character's best carving."""
    groups = carving_groups([one.reading.character for one in row.candidates], row.vectors)
    distances = [one.distance for one in row.candidates]
    places = kept_places(groups, distances, count)
    shown = list(dict.fromkeys(groups[place] for place in places))
    ordered, left = {}, MOST_REGISTERED
    over = PrintOver(picture) if picture.has_ink else None
    for group in shown:
        members = [one for one, its in zip(row.candidates, groups, strict=True) if its == group]
        ordered[group] = iter(_ordered(members, row, over, max(left, 0)))
        left -= len(members)
    found = [(next(ordered[groups[place]]), distances[place]) for place in places]
    return [Placed(one, distance, fit, kept) for (one, fit, kept), distance in found]


def carving_groups(characters: Sequence[str], vectors: np.ndarray) -> list[int]:
    """Which candidates are of one character: the number of each one's group, in the order they come.

    A candidate joins the first group whose first member is of its character; where either's is unknown, the
    first whose first member is ``ALIKE``.
    """
    first: list[int] = []
    groups = []
    for place, character in enumerate(characters):
        for number, leader in enumerate(first):
            if character and characters[leader]:
                joins = character == characters[leader]
            else:
                joins = 1 - float(vectors[place] @ vectors[leader]) < ALIKE
            if joins:
                groups.append(number)
                break
        else:
            groups.append(len(first))
            first.append(place)
    return groups


def kept_places(groups: Sequence[int], distances: Sequence[float], count: int) -> list[int]:
    """Which candidates the list would hold by the embedding alone, C of them, nearest first.

    Those are the first ``count``; but where one character fills all, and another is about as near, the last
    ones make room for others.
    """
    first = list(range(min(count, len(groups))))
    if len({groups[place] for place in first}) != 1 or len(first) < 2:
        return first
    near = [place for place in range(len(groups)) if distances[place] - distances[0] < IN_DOUBT]
    others = {groups[place]: place for place in reversed(near) if groups[place] != groups[0]}
    added = sorted(others.values())[: min(ROOM, count - 1)]
    return first[: len(first) - len(added)] + added


def _ordered(
    members: Sequence[Candidate], row: Row, over: PrintOver | None, most: int
) -> list[tuple[Candidate, Registration | None, str]]:
    """One character's candidates, the best fit first; those that cannot be judged stay where they are."""
    kept = [_reason(one, row, over) for one in members]
    able = [place for place, reason in enumerate(kept) if not reason][:most]
    fits: dict[int, Registration] = {}
    if over is not None and able:
        fits = dict(zip(able, over.register([row.forms[members[place].item] for place in able]), strict=True))
    reason = _whole_reason(list(fits.values()))
    moving = [] if reason else able
    by_fit = iter(sorted(moving, key=lambda place: (-fits[place].score, place)))
    order = [next(by_fit) if place in fits and moving else place for place in range(len(members))]
    return [
        (members[place], _whole(fits.get(place)), kept[place] or (reason if place in fits else ""))
        for place in order
    ]


def _reason(one: Candidate, row: Row, over: PrintOver | None) -> str:
    """Why a candidate cannot be registered, or nothing."""
    if over is None:
        return NO_INK
    if one.item not in row.forms:
        return NO_FORM
    if not row.forms[one.item].has_strokes:
        return NO_STROKES
    return DOUBTFUL if one.item in row.doubtful else ""


def _whole_reason(fits: Sequence[Registration]) -> str:
    """Why none of a character's carvings can be trusted to be the one, or nothing."""
    best = max(fits, key=lambda fit: fit.score, default=None)
    if best is None:
        return ""
    if best.score < _LEAST_SCORE:
        return NO_FIT
    return MORE_INK if best.covered < _LEAST_COVERED else ""


def _whole(fit: Registration | None) -> Registration | None:
    """A registration that was brought to its end."""
    return None if fit is None or fit.failed == BEHIND else fit
