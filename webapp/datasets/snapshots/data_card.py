"""The data card of a snapshot: what is in it, how sure it is, and what is known to be wrong with it."""

from collections import Counter
from typing import Any

from webapp.datasets.snapshots.entries import Entry
from webapp.datasets.snapshots.manifest import Label
from webapp.datasets.snapshots.splits import BETWEEN, SIDES, SPLITS, side_of_picture

_MOST_BATCHES = 1000


class CardWriter:
    """Counts entries as they come by, in the order of a manifest.

    It holds as many words as there are items, characters, people and batches, however many labels there are.
    """

    def __init__(self) -> None:
        self._verdicts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._relations: Counter[str] = Counter()
        self._items: set[str] = set()
        self._characters: set[str] = set()
        self._people: set[str] = set()
        self._batches: Counter[tuple[int, str]] = Counter()
        self._releases: Counter[int] = Counter()
        self._sides = {split: dict.fromkeys((*SIDES, BETWEEN), 0) for split in SPLITS}
        self._several_people, self._agreeing = 0, 0.0
        self._faults: Counter[str] = Counter()
        self._last: Entry | None = None
        self._picture: list[Label] = []

    def add(self, entry: Entry) -> None:
        """Count one more."""
        label = entry.label
        if self._picture and self._picture[0].query != label.query:
            self._count_sides()
        self._picture.append(label)
        self._verdicts[label.verdict] += 1
        if label.verdict == "none":
            self._reasons[label.reason or "not told"] += 1
        for match in label.matches:
            self._relations[match.relation or "not told"] += 1
            self._items.add(match.item)
            self._characters.add(match.character)
        self._batches[entry.origin["batch_id"], entry.origin["batch"]] += 1
        self._of_people(entry)
        self._of_faults(entry)
        self._last = entry

    def card(self) -> dict[str, Any]:
        """The card, as JSON can hold it."""
        self._count_sides()
        characters = self._characters - {""}
        return {
            "labels": self._verdicts.total(),
            "verdicts": dict(self._verdicts),
            "reasons": dict(self._reasons),
            "relations": dict(self._relations),
            "items": len(self._items),
            "characters": len(characters),
            "beyond_bmp": sum(ord(character[0]) > 0xFFFF for character in characters),
            "annotators": len(self._people),
            "answered_by_several": self._several_people,
            "agreement": self._agreeing / self._several_people if self._several_people else None,
            "batches": [
                {"id": pk, "name": name, "labels": labels}
                for (pk, name), labels in self._batches.most_common(_MOST_BATCHES)
            ],
            "releases": {str(release): labels for release, labels in sorted(self._releases.items())},
            "splits": self._sides,
            "faults": {name: self._faults[name] for name in FAULTS},
        }

    def _count_sides(self) -> None:
        """Count the sides of a picture's labels, once all of them are there."""
        if self._picture:
            for split in SPLITS:
                self._sides[split][side_of_picture(self._picture, split)] += len(self._picture)
            self._picture = []

    def _of_people(self, entry: Entry) -> None:
        decisions = entry.origin["decisions"]
        self._people.update(decision["annotator"] for decision in decisions)
        label = next(one for one in decisions if one["id"] == entry.origin["label"])
        if label["release"] is not None:
            self._releases[label["release"]] += 1
        if entry.voters > 1:
            self._several_people += 1
            self._agreeing += entry.agreement or 0.0

    def _of_faults(self, entry: Entry) -> None:
        label, last = entry.label, self._last
        self._faults["one_person"] += entry.voters == 1 and not entry.origin["settled"]
        self._faults["no_character"] += any(not match.character for match in label.matches)
        if last is not None and last.label.query == label.query:
            self._faults["same_picture"] += 1
            self._faults["contradicted"] += last.label.line() != label.line()


FAULTS = ("one_person", "no_character", "same_picture", "contradicted")
"""Known faults, each with the number of labels that have it: answered by one person alone and by no reviewer;
a match of an item whose character nobody knows; a picture that is in the set more than once; and one of
those whose label is not that of the one before it."""
