"""What the server tells of, as values. ``raw`` holds the whole answer, with what is not named here."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class Thing:
    """Something that the server tells of."""

    raw: dict[str, Any] = field(repr=False, compare=False, kw_only=True, default_factory=dict)

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        """From the server's JSON; what is not known here stays in ``raw``."""
        known = {one.name for one in fields(cls)} - {"raw"}
        values = {name: cls._value(name, raw[name]) for name in known & raw.keys()}
        return cls(raw=raw, **values)

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        return value


READY, FAILED = frozenset({"ready", "done"}), frozenset({"failed", "rejected", "refused", "stopped"})


@dataclass(frozen=True, kw_only=True)
class Awaited(Thing):
    """Something that a worker makes: in the end its status is one of ``READY`` or of ``FAILED``."""

    status: str

    @property
    def address(self) -> str:
        """Where the server tells how it is."""
        raise NotImplementedError


@dataclass(frozen=True)
class Batch(Awaited):
    """A set of pictures. done, failed and waiting are the parts of total; answered: of those done."""

    id: int
    name: str
    total: int = 0
    waiting: int = 0
    done: int = 0
    failed: int = 0
    answered: int = 0
    left_out_count: int = 0

    @property
    def address(self) -> str:
        return f"batches/{self.id}"


@dataclass(frozen=True)
class Document(Awaited):
    """A book's pages in order. batch: id of the batch of its characters. matched and answered: of those."""

    id: int
    batch: int
    title: str
    pages: int = 0
    pages_waiting: int = 0
    characters: int = 0
    matched: int = 0
    answered: int = 0

    @property
    def address(self) -> str:
        return f"documents/{self.id}"


@dataclass(frozen=True)
class Page(Awaited):
    """One scan. width, height: pixels as it is shown, after ``turn`` degrees. finding: such as "blank"."""

    id: int
    document: int
    name: str
    position: int = 0
    width: int | None = None
    height: int | None = None
    turn: int = 0
    version: int = 0
    finding: str = ""
    error: Any = None

    @property
    def address(self) -> str:
        return f"pages/{self.id}"


@dataclass(frozen=True)
class Box(Thing):
    """One character's place on a page, in pixels of the page as shown. character: of its label; proposal:
    what a text says; suggested: the first suggestion's. order: boxes are read by rising order.
    """

    id: int
    x: float
    y: float
    w: float
    h: float
    column: int = 1
    order: float = 0.0
    kind: str = "main"
    source: str = ""
    state: str = ""
    character: str = ""
    proposal: str = ""
    suggested: str = ""
    query: int | None = None


@dataclass(frozen=True)
class Text(Awaited):
    """A known text laid along a document. boxes: of which ``agreed`` look like their characters."""

    id: int
    document: int
    page: int | None = None
    name: str = ""
    boxes: int | None = None
    agreed: int | None = None
    left: int | None = None

    @property
    def address(self) -> str:
        return f"documents/{self.document}/texts/{self.id}"


@dataclass(frozen=True)
class BoxImport(Awaited):
    """Files of boxes, put onto a document's pages. added: boxes that were not there. proposed: that got a
    character; labelled, unlabelled: of which became labels, and could not. problems: the first of what was
    left out.
    """

    id: int
    document: int
    pages: int = 0
    added: int = 0
    proposed: int = 0
    labelled: int = 0
    unlabelled: int = 0
    problem_count: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"documents/{self.document}/boxes/{self.id}"


@dataclass(frozen=True)
class Item(Thing):
    """A carved block."""

    id: int
    name: str
    codepoint: str = ""
    character: str = ""


@dataclass(frozen=True)
class Suggestion(Thing):
    """One of the five most similar items. rank: 1 is best. confidence: that it is a match, in [0, 1]."""

    rank: int
    item: Item
    distance: float
    confidence: float

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        return Item.read(value) if name == "item" else value


@dataclass(frozen=True)
class Decision(Thing):
    """What one person said of one query. item: id of the match."""

    id: int
    query: int
    annotator: str
    verdict: str
    item: int | None = None
    relation: str = ""
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Query(Thing):
    """One picture, its suggestions, best first, and what one said of it last."""

    id: int
    batch: int
    name: str
    sha256: str
    status: str
    answered: bool = False
    suggestions: tuple[Suggestion, ...] = ()
    decision: Decision | None = None
    error: dict[str, str] | None = None

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        if name == "suggestions":
            return tuple(map(Suggestion.read, value))
        return Decision.read(value) if name == "decision" and value else value


@dataclass(frozen=True)
class Snapshot(Awaited):
    """A frozen set of labels. digest: the same for the same labels."""

    number: int
    note: str = ""
    digest: str = ""
    count: int | None = None
    card: dict[str, Any] | None = None
    error: Any = None

    @property
    def address(self) -> str:
        return f"snapshots/{self.number}"


@dataclass(frozen=True)
class Export(Awaited):
    """A file of labels, once its status is ready."""

    id: str
    format: str
    batch: int | None = None
    snapshot: int | None = None
    size: int | None = None
    sha256: str = ""
    error: Any = None

    @property
    def address(self) -> str:
        return f"exports/{self.id}"


@dataclass(frozen=True)
class Model(Thing):
    """Trained weights. sha256: of their file. live: whether it answers."""

    id: int
    name: str
    sha256: str
    width: int
    live: bool = False


@dataclass(frozen=True)
class ModelFile(Awaited):
    """An uploaded weights file. model: id of what came of it."""

    id: int
    name: str
    model: int | None = None
    error: Any = None

    @property
    def address(self) -> str:
        return f"models/files/{self.id}"


@dataclass(frozen=True)
class TrainingRun(Awaited):
    """A model in the making: "done" with its model, or "failed" or "stopped". share: of it that is over."""

    id: int
    recipe: str
    snapshot: int
    share: float = 0.0
    model: int | None = None
    evaluations: tuple[int, ...] = ()
    error: Any = None

    @property
    def address(self) -> str:
        return f"training-runs/{self.id}"


@dataclass(frozen=True)
class Evaluation(Awaited):
    """A model beside the one that was live. gates: what it must show, each with name, open and measured."""

    id: int
    model: int
    live: int
    snapshot: int
    results: dict[str, Any] | None = None
    gates: list[dict[str, Any]] | None = None
    error: Any = None

    @property
    def closed(self) -> list[str]:
        """Names of the gates that are closed."""
        return [gate["name"] for gate in self.gates or () if not gate["open"]]

    @property
    def address(self) -> str:
        return f"evaluations/{self.id}"


@dataclass(frozen=True)
class Promotion(Awaited):
    """A model on its way to answer. release: what it became."""

    id: int
    model: int
    release: int | None = None
    reason: str = ""
    error: Any = None

    @property
    def address(self) -> str:
        return f"promotions/{self.id}"


@dataclass(frozen=True)
class Release(Thing):
    """One model and one index that answer, or answered, together."""

    id: int
    model: int
    live: bool = False


@dataclass(frozen=True)
class Webhook(Thing):
    """An address that is notified of what happens. secret: in the answer that made it, and nowhere else."""

    id: int
    name: str
    url: str
    events: list[str]
    active: bool = True
    secret: str = field(default="", repr=False)
