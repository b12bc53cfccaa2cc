"""A label in the words that a snapshot is made of, which are the same for the same label always."""

import json
from dataclasses import dataclass
from typing import Any

from webapp.core.errors import AppError


class BadSnapshot(AppError):
    """The files of a snapshot are not what was frozen."""

    code = "bad_snapshot"
    status = 500


@dataclass(frozen=True)
class Match:
    """One item that a query matches.

    item: SHA-256 of the mesh's file. character: exactly as given when the snapshot was frozen, empty where
    unknown. relation: empty where nobody said.
    """

    item: str
    character: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Label:
    """What a query was found to be, without who said so and when.

    query: SHA-256 of the picture's file. verdict: "match" with its matches, or "none" with its reason.
    """

    query: str
    verdict: str
    matches: tuple[Match, ...] = ()
    reason: str = ""

    def line(self) -> str:
        """One line of a manifest. Its bytes depend on the label alone: keys in order, nothing escaped."""
        matches = sorted(
            (
                {"character": one.character, "item": one.item, "relation": one.relation}
                for one in self.matches
            ),
            key=lambda one: (one["item"], one["relation"], one["character"]),
        )
        return canonical(
            {"matches": matches, "query": self.query, "reason": self.reason, "verdict": self.verdict}
        )

    @classmethod
    def from_line(cls, line: str) -> "Label":
        """The label that a line says.

        Raises:
            BadSnapshot: it says none.
        """
        try:
            found = json.loads(line)
            matches = tuple(Match(one["item"], one["character"], one["relation"]) for one in found["matches"])
            return cls(found["query"], found["verdict"], matches, found["reason"])
        except (ValueError, KeyError, TypeError) as problem:
            raise BadSnapshot(f"a line of the manifest is not a label: {problem!r}") from problem


def canonical(value: dict[str, Any]) -> str:
    """JSON on one line, with its line end, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
