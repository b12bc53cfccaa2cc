"""Audits: labels weighed by what the live model sees, and by each other. Nothing is changed by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from retrieval.errors import BadImage
from retrieval.index import ExactIndex
from retrieval.io.images import read_image
from retrieval.train.witnesses import Doubts, Witness, doubts_of
from webapp.batches.models import Query
from webapp.core.blobs import blob_path
from webapp.datasets.audits.labels import AuditLabel, DoubtfulLabel, labels_to_audit
from webapp.datasets.audits.services import audit_finish, newest_answers
from webapp.datasets.models import Audit, AuditRow
from webapp.gallery.models import Item
from webapp.registry.models import ModelVersion
from workers.live.cache import all_vectors, live
from workers.live.release import LiveRelease
from workers.runtime.runner import Progress

Kind = AuditRow.Kind
Report = Callable[[int, int], None]

_AT_ONCE = 500
_TOGETHER = 64
_ASKED_FOR, _CONFIDENT = 20, 5
_STEEP = 8.0
"""How fast doubt rises with the margin: 0.5 where as much speaks for another class, 0.9 from 0.28 on."""
_OF_BLOCKS, _BLOCK_MARGIN = 0.6, 0.1
"""Which block of a character it is, is seen less surely than the character."""
_NEAR, _NEIGHBOURS = 0.03, 6
_FITS = 0.5


@dataclass(frozen=True)
class Gallery:
    """items: (M,) ids, with repeats. vectors: (M, D) unit. classes: (M,). of: class by the item's id.
    characters: by the class, empty where unknown."""

    items: np.ndarray
    vectors: np.ndarray
    classes: np.ndarray
    of: dict[int, int]
    characters: list[str]


def labels_audit(payload: dict, progress: Progress) -> None:
    """Weigh the labels of ``payload["audit"]``. Harmless when done twice.

    Raises:
        NoRelease: nothing is live yet.
        BadSnapshot: the snapshot's files are not what was frozen.
    """
    audits = Audit.objects.select_related("batch", "snapshot")
    audit = audits.filter(pk=payload["audit"], state=Audit.State.WAITING).first()
    if audit is None:
        return
    loaded, began = live(), newest_answers()
    told = list(labels_to_audit(audit))
    vectors, there = read_queries(told, loaded, progress.report)
    kept = [one for one, is_there in zip(told, there, strict=True) if is_there]
    doubted, wrong = weigh_labels(kept, vectors[there], loaded, progress.report)
    with progress.writing():
        audit_finish(
            audit=audit,
            model=loaded.release.model,
            rows=doubted,
            labels=len(kept),
            left_out=len(told) - len(kept),
            wrong=wrong,
            began=began,
        )


def weigh_labels(
    told: list[AuditLabel], vectors: np.ndarray, loaded: LiveRelease, report: Report
) -> tuple[list[DoubtfulLabel], int]:
    """The labels that are doubted, one row a label, and how many are counted as wrong.

    vectors: (N, D) float32 of unit length, the labels' pictures'.
    """
    gallery = _gallery(loaded)
    found: dict[int, DoubtfulLabel] = {}
    matched = [place for place, one in enumerate(told) if one.items and one.items[0] in gallery.of]
    doubts, wrong = _by_character(told, vectors, matched, gallery, loaded, report)
    _keep(found, doubts)
    _keep(found, _by_block(told, vectors, matched, gallery))
    none = [place for place, one in enumerate(told) if not one.items]
    _keep(found, _fitting(told, vectors, none, gallery, loaded))
    _keep(found, _contradicting(told, vectors, gallery, found))
    return list(found.values()), wrong


def read_queries(
    told: list[AuditLabel], loaded: LiveRelease, report: Report
) -> tuple[np.ndarray, np.ndarray]:
    """(N, D) float32 vectors by the live model, and (N,) bool whether there is one.

    Those embedded by another model are embedded anew from their pictures, and not kept.
    """
    model: ModelVersion = loaded.release.model
    vectors, there = np.zeros((len(told), model.width), np.float32), np.zeros(len(told), bool)
    missing = []
    for start in range(0, len(told), _AT_ONCE):
        some = {one.query: start + offset for offset, one in enumerate(told[start : start + _AT_ONCE])}
        rows = Query.objects.filter(pk__in=some, vector_model=model).exclude(vector=None)
        for pk, vector in rows.values_list("pk", "vector"):
            vectors[some[pk]], there[some[pk]] = np.frombuffer(bytes(vector), "<f4"), True
        missing += [place for place in some.values() if not there[place]]
    for start in range(0, len(missing), _TOGETHER):
        places, pictures = [], []
        for place in missing[start : start + _TOGETHER]:
            picture = _picture(told[place])
            if picture is not None:
                places.append(place)
                pictures.append(picture)
        if places:
            vectors[places], there[places] = loaded.embedder.embed_prints(pictures), True
        report(min(start + _TOGETHER, len(missing)), len(missing))
    return vectors, there


def _picture(one: AuditLabel) -> np.ndarray | None:
    try:
        return read_image(blob_path(one.sha256).read_bytes(), name=one.sha256)
    except (FileNotFoundError, BadImage):
        return None


def _gallery(loaded: LiveRelease) -> Gallery:
    held = all_vectors()
    ready = dict(Item.objects.filter(state=Item.State.READY).values_list("pk", "character"))
    kept = np.array([item in ready for item in held.items.tolist()], bool)
    items = held.items[kept] if len(held.items) else held.items
    names: dict[str, int] = {}
    of = {pk: names.setdefault(character or f"\0{pk}", len(names)) for pk, character in ready.items()}
    classes = np.array([of[item] for item in items.tolist()], np.int64)
    characters = ["" if name.startswith("\0") else name for name in names]
    vectors = held.vectors[kept] if len(held.items) else held.vectors
    return Gallery(items, vectors, classes, of, characters)


def _by_character(
    told: list[AuditLabel],
    vectors: np.ndarray,
    matched: list[int],
    gallery: Gallery,
    loaded: LiveRelease,
    report: Report,
) -> tuple[Iterator[DoubtfulLabel], int]:
    """Matches for which another character has more than their own."""
    if not matched:
        return iter(()), 0
    characters = list(gallery.characters)
    labels = np.array([gallery.of[told[place].items[0]] for place in matched])
    pictures = np.unique([told[place].sha256 for place in matched], return_inverse=True)[1]
    some = vectors[matched]
    witnesses = [
        Witness(gallery.vectors, gallery.classes),
        # A picture is no witness to itself, in whichever batch it lies.
        Witness(some, labels, groups=pictures),
        *_learned(loaded, characters),
    ]
    total = len(matched)
    found = doubts_of(
        some,
        labels,
        witnesses,
        count=len(characters),
        groups=pictures,
        tell=lambda done: report(done, total),
    )
    rows = _characters_doubted(told, vectors, matched, gallery, found, characters)
    return rows, int(found.wrong.sum())


def _learned(loaded: LiveRelease, characters: list[str]) -> list[Witness]:
    """The directions that the model learned; characters of which there is no block become classes, too."""
    learned = loaded.embedder.learned
    if learned is None:
        return []
    places = {character: place for place, character in enumerate(characters) if character}
    classes = []
    for code in learned[1].tolist():
        character = chr(code)
        if character not in places:
            places[character] = len(characters)
            characters.append(character)
        classes.append(places[character])
    return [Witness(learned[0], np.array(classes, np.int64))]


def _characters_doubted(
    told: list[AuditLabel],
    vectors: np.ndarray,
    matched: list[int],
    gallery: Gallery,
    found: Doubts,
    characters: list[str],
) -> Iterator[DoubtfulLabel]:
    blocks = _places_by_class(gallery)
    for row, place in enumerate(matched):
        margin, best = float(found.margin[row]), int(found.best[row])
        others = {gallery.of.get(item) for item in told[place].items}
        if best < 0 or best in others or (margin <= 0 and not found.wrong[row]):
            continue
        suggested = _nearest_of(vectors[place], blocks.get(best), gallery)
        character = "" if suggested else characters[best]
        yield DoubtfulLabel(told[place], Kind.CHARACTER, _doubt(margin), suggested, character)


def _by_block(
    told: list[AuditLabel], vectors: np.ndarray, matched: list[int], gallery: Gallery
) -> Iterator[DoubtfulLabel]:
    """Matches said to be of the very block, where another block of the character is nearer."""
    blocks = _places_by_class(gallery)
    for place in matched:
        one = told[place]
        if one.relation not in ("", "same_carving"):
            continue
        there = blocks.get(gallery.of[one.items[0]])
        if there is None:
            continue
        near, ids = gallery.vectors[there] @ vectors[place], gallery.items[there]
        own = np.isin(ids, one.items)
        if own.all() or not own.any():
            continue
        margin = float(near[~own].max() - near[own].max())
        if margin >= _BLOCK_MARGIN:
            best = int(ids[~own][near[~own].argmax()])
            yield DoubtfulLabel(one, Kind.BLOCK, _OF_BLOCKS * _doubt(margin), best)


def _fitting(
    told: list[AuditLabel], vectors: np.ndarray, none: list[int], gallery: Gallery, loaded: LiveRelease
) -> Iterator[DoubtfulLabel]:
    """Answers of "none" where the model is confident of a block."""
    if not none or not len(gallery.items):
        return
    index = ExactIndex(gallery.vectors, np.arange(len(gallery.items)))
    hits = index.search(vectors[none], min(_ASKED_FOR, len(gallery.items)))
    for place, ids, far in zip(none, hits.ids.tolist(), hits.distances.tolist(), strict=True):
        best: dict[int, float] = {}
        for at, distance in zip(ids, far, strict=True):
            if at >= 0:
                best.setdefault(int(gallery.items[at]), distance)
        distances = np.full((1, _CONFIDENT), np.inf, np.float32)
        nearest = list(best.items())[:_CONFIDENT]
        distances[0, : len(nearest)] = [distance for _, distance in nearest]
        sure = float(loaded.embedder.confidence(distances)[0, 0])
        if sure >= _FITS:
            yield DoubtfulLabel(told[place], Kind.NONE, sure, nearest[0][0])


def _contradicting(
    told: list[AuditLabel], vectors: np.ndarray, gallery: Gallery, found: dict[int, DoubtfulLabel]
) -> Iterator[DoubtfulLabel]:
    """Pictures that are nearly the same, whose labels name no common block or character."""
    if len(told) < 2:
        return
    index = ExactIndex(vectors, np.arange(len(told)))
    said = [_said(one, gallery) for one in told]
    for start in range(0, len(told), _AT_ONCE):
        hits = index.search(vectors[start : start + _AT_ONCE], min(_NEIGHBOURS, len(told)))
        for offset, (ids, far) in enumerate(zip(hits.ids.tolist(), hits.distances.tolist(), strict=True)):
            place = start + offset
            near = [at for at, distance in zip(ids, far, strict=True) if at >= 0 and distance <= _NEAR]
            other = next((at for at in near if at != place and not said[at] & said[place]), None)
            if other is not None:
                known = found.get(told[place].query)
                # One of the two is wrong at least: the one that is doubted for itself comes first.
                doubt = 0.5 + 0.4 * (known.doubt if known else 0.0)
                yield DoubtfulLabel(
                    told[place],
                    Kind.CONTRADICTION,
                    doubt,
                    told[other].items[0] if told[other].items else None,
                    other=told[other].query,
                )


def _said(one: AuditLabel, gallery: Gallery) -> frozenset[int]:
    """The classes that a label names; -1 for "none"."""
    return frozenset(gallery.of.get(item, -2 - item) for item in one.items) or frozenset([-1])


def _keep(found: dict[int, DoubtfulLabel], rows: Iterator[DoubtfulLabel]) -> None:
    """One row a label: of the reason that weighs most, with the contradicting picture where there is one."""
    for row in list(rows):
        known = found.get(row.label.query)
        if known is None or row.doubt > known.doubt:
            found[row.label.query] = row
        elif row.other:
            found[row.label.query] = replace(known, other=row.other)


def _doubt(margin: float) -> float:
    return float(1 / (1 + np.exp(-_STEEP * margin)))


def _places_by_class(gallery: Gallery) -> dict[int, np.ndarray]:
    order = np.argsort(gallery.classes, kind="stable")
    known, starts = np.unique(gallery.classes[order], return_index=True)
    return dict(zip(known.tolist(), np.split(order, starts[1:]), strict=True)) if len(known) else {}


def _nearest_of(vector: np.ndarray, places: np.ndarray | None, gallery: Gallery) -> int | None:
    if places is None:
        return None
    return int(gallery.items[places[(gallery.vectors[places] @ vector).argmax()]])
