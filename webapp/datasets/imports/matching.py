"""What a file says, compared with what is here: which picture, which block, and which label it has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from webapp.batches.models import Batch, Query
from webapp.datasets.imports.blocks import Blocks, NoBlock
from webapp.datasets.imports.parsed import ParsedLabel, ParsedLine, UnusableLine
from webapp.datasets.imports.pictures import QueriesByName, queries_by_digest, queries_meant
from webapp.datasets.models import LabelImportRow
from webapp.review.answer import MOST_COMMENT, MOST_FURTHER
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision

_AT_ONCE = 500
Standing = LabelImportRow.Standing
_Content = tuple[str, str, frozenset[tuple[int, str]]]
"""What two labels have in common that say the same."""


@dataclass(frozen=True)
class Matched:
    """One row as it is kept. also: pairs of an item's id and its relation."""

    line: int
    standing: str
    word: str = ""
    picture: str = ""
    words: str = ""
    query: int | None = None
    item: int | None = None
    also: list = field(default_factory=list)
    parsed: ParsedLabel | None = None

    def columns(self) -> dict[str, Any]:
        """As ``LabelImportRow`` names them."""
        values = {"line": self.line, "standing": self.standing, "word": self.word, "picture": self.picture}
        values |= {"told": self.words, "query_id": self.query, "item_id": self.item, "also": self.also}
        if self.parsed is None:
            return values
        label = self.parsed
        return values | {
            "said_by": label.who[:255],
            "said": label.when[:40],
            "verdict": label.verdict,
            "relation": label.relations[0] if label.relations else "",
            "reason": label.reason,
            "comment": label.comment,
        }


def match_rows(rows: Iterable[ParsedLine], *, by_name_in: Batch | None = None) -> Iterator[Matched]:
    """Each row with its picture, its block and how it stands beside the label that is here."""
    blocks, named = Blocks(), QueriesByName(by_name_in)
    seen: dict[int, tuple[int, _Content]] = {}
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        pictures = queries_by_digest(
            one.sha256 for one in some if isinstance(one, ParsedLabel) and one.sha256
        )
        found = [matched for one in some for matched in _matched(one, pictures, named, blocks)]
        labels = _labels({one.query for one in found if one.query})
        for one in found:
            yield _stood(one, labels, seen)


def same_label(row: LabelImportRow, label: Decision) -> bool:
    """Whether a row says what the label says: verdict, blocks, relations and reason."""
    item = [(row.item_id, row.relation)] if row.item_id else []
    content = (row.verdict, row.reason, frozenset([*item, *((pk, relation) for pk, relation in row.also)]))
    return content == _content_of(label)


def _matched(
    one: ParsedLine, pictures: dict[str, list[tuple]], named: QueriesByName, blocks: Blocks
) -> Iterator[Matched]:
    if isinstance(one, UnusableLine):
        yield Matched(one.line, Standing.BAD, one.word, one.picture)
        return
    row = Matched(one.line, Standing.NEW, picture=one.picture, words=_in_words(one), parsed=one)
    if word := _does_not_fit(one):
        yield replace(row, standing=Standing.BAD, word=word)
        return
    try:
        queries = queries_meant(pictures.get(one.sha256, []), one) if one.sha256 else named.find(one.name)
    except LookupError as problem:
        yield replace(row, standing=Standing.NO_PICTURE, word=str(problem.args[0]))
        return
    if not queries:
        yield replace(row, standing=Standing.NO_PICTURE, word="no picture here has this content")
        return
    try:
        items = list(dict.fromkeys(blocks.find(block) for block in one.blocks))
    except NoBlock as problem:
        for query in queries:
            yield replace(row, standing=Standing.NO_BLOCK, word=str(problem), query=query)
        return
    relations = dict(zip(items, one.relations, strict=False))
    also = [[pk, relations.get(pk, "")] for pk in items[1:]]
    for query in queries:
        yield replace(row, query=query, item=items[0] if items else None, also=also)


def _does_not_fit(one: ParsedLabel) -> str:
    relations = {"", *Decision.Relation.values}
    if bad := next((word for word in one.relations if word not in relations), ""):
        return f"{bad[:80]} is not a relation"
    if one.reason and (one.verdict != "none" or one.reason not in Decision.Reason.values):
        return f"{one.reason[:80]} is not a reason"
    if len(one.blocks) > MOST_FURTHER + 1:
        return "too many blocks"
    return "the comment is too long" if len(one.comment) > MOST_COMMENT else ""


def _labels(queries: set[int]) -> dict[int, Decision]:
    found: dict[int, Decision] = {}
    ids = sorted(queries)
    for start in range(0, len(ids), _AT_ONCE):
        found |= query_labels(Query.objects.filter(pk__in=ids[start : start + _AT_ONCE]).defer("vector"))
    return found


def _stood(one: Matched, labels: dict[int, Decision], seen: dict[int, tuple[int, _Content]]) -> Matched:
    if one.query is None or one.parsed is None:
        return one
    content = _content_of_row(one, one.parsed)
    if one.query in seen:
        line, earlier = seen[one.query]
        same = content == earlier
        word = f"{'same as' if same else 'contradicts'} line {line}"
        standing = Standing.SAME if same else Standing.BAD
        return Matched(one.line, standing, word, one.picture, one.words, parsed=one.parsed)
    seen[one.query] = (one.line, content)
    if one.standing != Standing.NEW or one.query not in labels:
        return one
    same = content == _content_of(labels[one.query])
    return replace(one, standing=Standing.SAME if same else Standing.DIFFERENT)


def _content_of_row(one: Matched, label: ParsedLabel) -> _Content:
    item = [(one.item, label.relations[0] if label.relations else "")] if one.item else []
    return (label.verdict, label.reason, frozenset([*item, *((pk, relation) for pk, relation in one.also)]))


def _content_of(label: Decision) -> _Content:
    item = [(label.item_id, label.relation)] if label.item_id else []
    also = [(one.item_id, one.relation) for one in label.also.all()]
    return (label.verdict, label.reason, frozenset([*item, *also]))


def _in_words(one: ParsedLabel) -> str:
    if not one.blocks:
        return f"{one.verdict} {one.reason}".strip()
    return ", ".join(f"{block.character} {block}".strip() for block in one.blocks)[:500]
