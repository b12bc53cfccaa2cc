"""The second stage: among candidates of one character, the carving that fits the print best comes first.

The embedding says which character a print shows, and was taught to forget what tells its carvings apart. So
each place in the list stays with its character, and within a character registration says who gets it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.rank.gallery import Reading
from retrieval.rank.nearest import Candidate
from retrieval.register import ItemForm, PrintForm, PrintOver, Registration
from retrieval.register.calibration import shipped_calibration
from retrieval.register.registration import BEHIND, NO_INK, NO_STROKES
from retrieval.register.relation import UNKNOWN, Proposal, propose

CANDIDATES = 48
"""So many items of a query are looked at."""
MOST_FURTHER = 40
"""So many carvings beyond the list are named."""
MOST_REGISTERED = 40
"""So many of them are registered at most."""
IN_DOUBT = 0.1
"""Where another character's nearest carving lies less than this behind, the list keeps room for it."""
ROOM = 2
_LEAST_COVERED = 0.5

DONE = "done"
NO_PICTURE, NO_FORM, DOUBTFUL, NO_FIT, MORE_INK = "no_picture", "no_form", "doubtful", "no_fit", "more_ink"


@dataclass(frozen=True)
class Placed:
    """A candidate in its place.

    distance: of the candidate that the embedding has in this place. registration: None where there was none.
    proposal: how it is related to the print; of all but the best of its character, that cannot be told.
    kept: why registration did not say where it stands, or empty. There is "no_picture", or "no_ink" in it;
        "no_strokes" on the relief, "no_form" made of it, or its handedness is "doubtful"; "no_fit" of any
        carving is good, or the print shows "more_ink" than one character's.
    """

    candidate: Candidate
    distance: float
    registration: Registration | None = None
    kept: str = ""
    proposal: Proposal = UNKNOWN


@dataclass(frozen=True)
class Row:
    """One query's candidates, nearest first, and what is known of them.

    vectors: (C, D) float32, of the readings that were found. read_forms: from readings to forms by item;
    those without one are left out. doubtful: items whose handedness is in doubt.
    """

    candidates: Sequence[Candidate]
    vectors: np.ndarray
    read_forms: Callable[[Sequence[Reading]], Mapping[int, ItemForm]]
    doubtful: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ordered:
    """The list of one query.

    placed: the first few. further: other carvings of the first one's character, the best fit first.
    outcome: "done", or why the embedding's order stands among the first one's carvings; see ``Placed.kept``.
    """

    placed: list[Placed]
    further: list[Placed]
    outcome: str


def order_carvings(row: Row, picture: PrintForm | None, count: int) -> Ordered:
    """The first ``count`` of a query's candidates, each place with its character's best carving.

    picture: None where there is none to be laid over anything.
    """
    groups = carving_groups([one.reading.character for one in row.candidates], row.vectors)
    distances = [one.distance for one in row.candidates]
    places = kept_places(groups, distances, count)
    shown = list(dict.fromkeys(groups[place] for place in places))
    ordered, left = {}, MOST_REGISTERED
    over = PrintOver(picture) if picture and picture.has_ink else None
    nothing = NO_INK if picture else NO_PICTURE
    for group in shown:
        members = [one for one, its in zip(row.candidates, groups, strict=True) if its == group]
        ordered[group] = iter(_ordered(members, row, over or nothing, max(left, 0)))
        left -= len(members)
    placed = [replace(next(ordered[groups[place]]), distance=distances[place]) for place in places]
    further = list(ordered[groups[0]])[:MOST_FURTHER] if groups else []
    return Ordered(placed, further, (placed[0].kept or DONE) if placed else DONE)


def carving_groups(characters: Sequence[str], vectors: np.ndarray) -> list[int]:
    """Which candidates are of one character: the number of each one's group, in the order they come.

    A candidate joins the first group whose first member is of its character; where either's is unknown, the
    first whose first member's vector is near; see ``Calibration.alike``.
    """
    alike = shipped_calibration().alike
    first: list[int] = []
    groups = []
    for place, character in enumerate(characters):
        for number, leader in enumerate(first):
            if character and characters[leader]:
                joins = character == characters[leader]
            else:
                joins = 1 - float(vectors[place] @ vectors[leader]) < alike
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


def _ordered(members: Sequence[Candidate], row: Row, over: PrintOver | str, most: int) -> list[Placed]:
    """One character's candidates, the best fit first; those that cannot be judged stay where they are."""
    forms = row.read_forms([one.reading for one in members[:most]]) if isinstance(over, PrintOver) else {}
    kept = [_reason(one, forms, row.doubtful, over) for one in members[:most]] + [""] * len(members[most:])
    able = [place for place, reason in enumerate(kept[:most]) if not reason]
    fits: dict[int, Registration] = {}
    if isinstance(over, PrintOver) and able:
        fits = dict(zip(able, over.register([forms[members[place].item] for place in able]), strict=True))
    reason = _whole_reason(list(fits.values()))
    moving = [] if reason else able
    by_fit = iter(sorted(moving, key=lambda place: (-fits[place].score, place)))
    order = [next(by_fit) if place in fits and moving else place for place in range(len(members))]
    proposed = {} if reason or not moving else _proposed(fits)
    return [
        Placed(
            members[place],
            members[place].distance,
            _whole(fits.get(place)),
            kept[place] or (reason if place in fits else ""),
            proposed.get(place, UNKNOWN),
        )
        for place in order
    ]


def _proposed(fits: Mapping[int, Registration]) -> dict[int, Proposal]:
    """What is said of the carving that fits best, by its place."""
    best = max(fits, key=lambda place: (fits[place].score, -place))
    return {best: propose(fits[best], [fit for place, fit in fits.items() if place != best])}


def _reason(
    one: Candidate, forms: Mapping[int, ItemForm], doubtful: Collection[int], over: PrintOver | str
) -> str:
    """Why a candidate cannot be registered, or nothing. over: the reason why nothing can be."""
    if isinstance(over, str):
        return over
    if one.item not in forms:
        return NO_FORM
    if not forms[one.item].has_strokes:
        return NO_STROKES
    return DOUBTFUL if one.item in doubtful else ""


def _whole_reason(fits: Sequence[Registration]) -> str:
    """Why none of a character's carvings can be trusted to be the one, or nothing."""
    best = max(fits, key=lambda fit: fit.score, default=None)
    if best is None:
        return ""
    if best.score < shipped_calibration().least_score:
        return NO_FIT
    return MORE_INK if best.covered < _LEAST_COVERED else ""


def _whole(fit: Registration | None) -> Registration | None:
    """A registration that was brought to its end."""
    return None if fit is None or fit.failed == BEHIND else fit
