"""What a file says, held against what is here: which picture, which block, and what is said of it already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from webapp.batches.models import Batch, Query
from webapp.core.characters import codepoints
from webapp.datasets.imports.parsed import Block, ParsedLabel, ParsedLine, UnusableLine
from webapp.datasets.models import LabelImportRow
from webapp.gallery.models import Item
from webapp.review.answer import MOST_COMMENT, MOST_FURTHER
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision

_AT_ONCE = 500
Standing = LabelImportRow.Standing


class NoBlock(Exception):
    """The words name no block, or several. The message says which words."""


@dataclass(frozen=True)
class Matched:
    """One row as it is kept. also: pairs of an item's id and its relation."""

    line: int
    standing: str
    word: str = ""
    picture: str = ""
    told: str = ""
    query: int | None = None
    item: int | None = None
    also: list = field(default_factory=list)
    said: ParsedLabel | None = None

    def columns(self) -> dict[str, Any]:
        """As ``LabelImportRow`` names them."""
        told = {"line": self.line, "standing": self.standing, "word": self.word, "picture": self.picture}
        told |= {"told": self.told, "query_id": self.query, "item_id": self.item, "also": self.also}
        if self.said is None:
            return told
        said = self.said
        return told | {
            "said_by": said.who[:255],
            "said": said.when[:40],
            "verdict": said.verdict,
            "relation": said.relations[0] if said.relations else "",
            "reason": said.reason,
            "comment": said.comment,
        }


class Blocks:
    """The gallery's ready blocks by every word that names them: 40 MB for 100,000."""

    def __init__(self) -> None:
        self._by_sha256: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = {}
        self._by_part: dict[str, set[int]] = {}
        self._by_character: dict[str, set[int]] = {}
        self._known: dict[int, tuple[str, str]] = {}
        ready = Item.objects.filter(state=Item.State.READY)
        for pk, sha256, name, character in ready.values_list("pk", "sha256", "name", "character"):
            self._known[pk] = (name, character)
            self._by_sha256[sha256] = pk
            self._by_name.setdefault(name, set()).add(pk)
            path = PurePosixPath(name)
            for part in {path.name, path.stem}:
                self._by_part.setdefault(part, set()).add(pk)
            if character:
                self._by_character.setdefault(character, set()).add(pk)

    def find(self, block: Block) -> int:
        """The id of the one block that the words name. Raises NoBlock."""
        if block.sha256:
            if block.sha256 not in self._by_sha256:
                raise NoBlock(f"no block has the digest {block.sha256}")
            return self._by_sha256[block.sha256]
        if block.name or block.number:
            return self._by_number_or_name(block)
        word = block.word or block.character
        found = self._named(word) if block.word else set()
        return self._one(found | self._by_character.get(word, set()), word)

    def _by_number_or_name(self, block: Block) -> int:
        number = int(block.number) if block.number.isascii() and block.number.isdigit() else 0
        if number in self._known and block.name in ("", self._known[number][0]):
            found = {number}
        elif block.name:
            found = self._named(block.name)
        else:
            raise NoBlock(f"there is no block No. {block.number[:20]}")
        if len(found) > 1 and block.character:
            found = {pk for pk in found if self._known[pk][1] == block.character}
        pk = self._one(found, block.name or block.number)
        shown = self._known[pk][1]
        if block.character and shown and shown != block.character:
            here, there = codepoints(shown), codepoints(block.character)
            raise NoBlock(f"the block {block} shows {here} here, and {there} in the file")
        return pk

    def _named(self, name: str) -> set[int]:
        return self._by_name.get(name) or self._by_part.get(PurePosixPath(name).name) or set()

    def _one(self, found: set[int], word: str) -> int:
        if len(found) > 1:
            raise NoBlock(f"{len(found)} blocks are called {word}")
        if not found:
            raise NoBlock(f"no block is called {word}")
        return next(iter(found))


def match_rows(rows: Iterable[ParsedLine], *, by_name_in: Batch | None = None) -> Iterator[Matched]:
    """Each row with its picture, its block and how it stands beside the label that is here."""
    blocks, named = Blocks(), _Names(by_name_in)
    seen: dict[int, Matched] = {}
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        pictures = _pictures(one.sha256 for one in some if isinstance(one, ParsedLabel) and one.sha256)
        found = [matched for one in some for matched in _matched(one, pictures, named, blocks)]
        labels = _labels({one.query for one in found if one.query})
        for one in found:
            yield _stood(one, labels, seen)


def same_label(row: LabelImportRow, label: Decision) -> bool:
    """Whether a row says what the label says: verdict, blocks, relations and reason."""
    item = [(row.item_id, row.relation)] if row.item_id else []
    said = (row.verdict, row.reason, frozenset([*item, *((pk, relation) for pk, relation in row.also)]))
    return said == _said_of(label)


def _matched(
    one: ParsedLine, pictures: dict[str, list[tuple]], named: "_Names", blocks: Blocks
) -> Iterator[Matched]:
    if isinstance(one, UnusableLine):
        yield Matched(one.line, Standing.BAD, one.word, one.picture)
        return
    told = {"picture": one.picture, "told": _in_words(one), "said": one}
    if word := _does_not_fit(one):
        yield Matched(one.line, Standing.BAD, word, **told)
        return
    try:
        queries = _among(pictures.get(one.sha256, []), one) if one.sha256 else named.find(one.name)
    except LookupError as problem:
        yield Matched(one.line, Standing.NO_PICTURE, str(problem.args[0]), **told)
        return
    if not queries:
        yield Matched(one.line, Standing.NO_PICTURE, "no picture here has this content", **told)
        return
    try:
        items = list(dict.fromkeys(blocks.find(block) for block in one.blocks))
    except NoBlock as problem:
        for query in queries:
            yield Matched(one.line, Standing.NO_BLOCK, str(problem), query=query, **told)
        return
    relations = dict(zip(items, one.relations, strict=False))
    also = [[pk, relations.get(pk, "")] for pk in items[1:]]
    for query in queries:
        yield Matched(
            one.line, Standing.NEW, query=query, item=items[0] if items else None, also=also, **told
        )


def _does_not_fit(one: ParsedLabel) -> str:
    known = {"", *Decision.Relation.values}
    if bad := next((word for word in one.relations if word not in known), ""):
        return f"{bad[:80]} is no relation"
    if one.reason and (one.verdict != "none" or one.reason not in Decision.Reason.values):
        return f"{one.reason[:80]} is no reason"
    if len(one.blocks) > MOST_FURTHER + 1:
        return "it names too many blocks"
    return "the comment is too long" if len(one.comment) > MOST_COMMENT else ""


def _pictures(digests: Iterable[str]) -> dict[str, list[tuple]]:
    rows = Query.objects.filter(sha256__in=set(digests), state=Query.State.READY).order_by("pk")
    found: dict[str, list[tuple]] = {}
    for pk, sha256, name, batch in rows.values_list("pk", "sha256", "name", "batch__name"):
        found.setdefault(sha256, []).append((pk, name, batch))
    return found


def _among(there: list[tuple], one: ParsedLabel) -> list[int]:
    """Of the queries that show the picture: those of the batch and the name that the file tells, if any."""
    for fits in (
        lambda row: (row[2], row[1]) == (one.batch, one.name),
        lambda row: row[2] == one.batch,
        lambda row: True,
    ):
        if found := [row[0] for row in there if fits(row)]:
            return found
    return []


class _Names:
    """Pictures of one batch by their names, for files that have no hashes."""

    def __init__(self, batch: Batch | None) -> None:
        self._batch = batch
        self._known: dict[str, set[int]] = {}
        if batch is not None:
            ready = Query.objects.filter(batch=batch, state=Query.State.READY)
            for pk, name in ready.values_list("pk", "name"):
                for each in {name, name.rpartition("/")[2]}:
                    self._known.setdefault(each, set()).add(pk)

    def find(self, name: str) -> list[int]:
        """Raises LookupError with the reason."""
        if self._batch is None:
            raise LookupError("the file gives no hash of it")
        found = self._known.get(name) or self._known.get(name.rpartition("/")[2]) or set()
        if len(found) > 1:
            raise LookupError("several pictures of the batch have this name")
        if not found:
            raise LookupError("no picture of the batch has this name")
        return list(found)


def _labels(queries: set[int]) -> dict[int, Decision]:
    found: dict[int, Decision] = {}
    ids = sorted(queries)
    for start in range(0, len(ids), _AT_ONCE):
        found |= query_labels(Query.objects.filter(pk__in=ids[start : start + _AT_ONCE]).defer("vector"))
    return found


def _stood(one: Matched, labels: dict[int, Decision], seen: dict[int, Matched]) -> Matched:
    if one.query is None:
        return one
    earlier = seen.setdefault(one.query, one)
    if earlier is not one:
        same = _words_of(earlier) == _words_of(one)
        word = f"line {earlier.line} says {'the same' if same else 'otherwise'} of this picture"
        standing = Standing.SAME if same else Standing.BAD
        return Matched(one.line, standing, word, one.picture, one.told, said=one.said)
    if one.standing != Standing.NEW or one.query not in labels:
        return one
    same = _words_of(one) == _said_of(labels[one.query])
    standing = Standing.SAME if same else Standing.DIFFERENT
    return Matched(**{**one.__dict__, "standing": standing})


def _words_of(one: Matched) -> tuple:
    said = one.said
    item = [(one.item, said.relations[0] if said.relations else "")] if one.item else []
    return (said.verdict, said.reason, frozenset([*item, *((pk, relation) for pk, relation in one.also)]))


def _said_of(label: Decision) -> tuple:
    item = [(label.item_id, label.relation)] if label.item_id else []
    also = [(one.item_id, one.relation) for one in label.also.all()]
    return (label.verdict, label.reason, frozenset([*item, *also]))


def _in_words(one: ParsedLabel) -> str:
    if not one.blocks:
        return f"{one.verdict} {one.reason}".strip()
    return ", ".join(f"{block.character} {block}".strip() for block in one.blocks)[:500]
