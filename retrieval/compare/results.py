"""The table of results, as JSON and as Markdown."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from common.errors import BadInput
from common.publish import write_aside
from retrieval.compare.config import ComparedMethod, Comparison
from retrieval.evaluate.metrics import Scores
from retrieval.evaluate.report import Report

ALL = "all"
_START, _END = "<!-- tables -->", "<!-- end of tables -->"


def measured_rows(
    method: ComparedMethod, search: str, report: Report, record: Mapping[str, float] | None
) -> list[dict]:
    """A row for each kind of query of a set, and one for all of them.

    record: of the training, None where nothing was trained for this.
    """
    kinds: dict[str, Scores] = {ALL: report.all, **report.by_kind}
    return [
        {
            **_head(method, search, report.set_name, kind),
            "queries": scores.queries,
            "items": report.items,
            "about": dict(report.about),
            "mrr_at_5": asdict(scores.mrr_at_5),
            "recall_at_1": asdict(scores.recall_at_1),
            "recall_at_5": asdict(scores.recall_at_5),
            "scoring_seconds": round(sum(report.seconds.values()), 1),
            "training": dict(record) if record else None,
            "quoted": False,
        }
        for kind, scores in kinds.items()
    ]


def quoted_rows(method: ComparedMethod) -> list[dict]:
    """Rows of scores that were measured elsewhere, and have no interval."""
    return [
        {
            **_head(method, "", str(scores["set"]), str(scores["kind"])),
            "mrr_at_5": {"mean": float(scores["mrr_at_5"]), "low": None, "high": None},
            "training": None,
            "quoted": True,
        }
        for scores in method.quoted
    ]


def _head(method: ComparedMethod, search: str, set_name: str, kind: str) -> dict:
    return {
        "method": method.name,
        "title": method.title,
        "group": method.group,
        "search": search,
        "set": set_name,
        "kind": kind,
    }


def read_rows(path: Path) -> list[dict]:
    """The rows of an earlier run, none where there was none. Raises BadInput where the file is another's."""
    if not path.exists():
        return []
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["rows"])
    except (ValueError, KeyError, TypeError) as problem:
        raise BadInput(
            f"{path} holds no results of a comparison: {problem}", hint="name another file"
        ) from problem


def merged(old: Iterable[dict], new: Sequence[dict], comparison: Comparison) -> list[dict]:
    """Old rows and new, the latter in place of the same method's on the same sets, in the methods' order."""
    places = {one.name: place for place, one in enumerate(comparison.methods)}
    redone = {(row["method"], row["set"]) for row in new}
    kept = [row for row in old if row["method"] in places and (row["method"], row["set"]) not in redone]
    return sorted([*kept, *new], key=lambda row: places[row["method"]])


def write_results(path: Path, comparison: Comparison, rows: Sequence[dict], page: Path | None = None) -> None:
    """Write the rows to ``path`` as JSON, and as Markdown tables into ``page``, else beside it.

    page: a text whose part between two marks is replaced. Raises BadInput where it has no such part.
    """
    footing = {
        "schedule": asdict(comparison.schedule),
        "inputs": asdict(comparison.inputs),
        "shape": comparison.shape.to_dict(),
        "glyphs": asdict(comparison.glyphs),
        "meshes": asdict(comparison.meshes),
    }
    text = json.dumps(
        {"comparison": comparison.name, **footing, "rows": list(rows)}, ensure_ascii=False, indent=1
    )
    with write_aside(path) as aside:
        aside.write_text(text + "\n", encoding="utf-8")
    tables = as_markdown(rows)
    with write_aside(page or path.with_suffix(".md")) as aside:
        aside.write_text(with_tables(page, tables) if page else tables, encoding="utf-8")


def with_tables(page: Path, tables: str) -> str:
    """The page's text with these tables between its marks. Raises BadInput where it has no marks."""
    before, start, rest = page.read_text(encoding="utf-8").partition(_START)
    _, end, after = rest.partition(_END)
    if not start or not end:
        raise BadInput(f"{page} has no place for tables", hint=f"give it the lines {_START} and {_END}")
    return f"{before}{start}\n\n{tables}\n{end}{after}"


def as_markdown(rows: Sequence[dict]) -> str:
    """A table for each group: MRR@5 with its interval by set and kind, and what the training cost."""
    columns = _columns(rows)
    lines = []
    for group in dict.fromkeys(row["group"] for row in rows):
        named = [f"{where}, {kind}" if kind != ALL else where for where, kind in columns]
        lines += [f"**{group}**", "", "| method | search | " + " | ".join([*named, "trained in"]) + " |"]
        lines += ["| --- " * (len(columns) + 3) + "|"]
        of_group = [row for row in rows if row["group"] == group]
        for title, search in dict.fromkeys((row["title"], row["search"]) for row in of_group):
            own = [row for row in of_group if (row["title"], row["search"]) == (title, search)]
            cells = [_score(own, column) for column in columns]
            lines.append("| " + " | ".join([title, search, *cells, _cost(own[0])]) + " |")
        lines.append("")
    return "\n".join(lines)


def _columns(rows: Sequence[dict]) -> list[tuple[str, str]]:
    """Sets and kinds in their order; a set's total only where it has no kinds, or but one."""
    kinds: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] not in kinds.setdefault(row["set"], []):
            kinds[row["set"]].append(row["kind"])
    columns = []
    for where, of_set in kinds.items():
        single = [kind for kind in of_set if kind != ALL]
        columns += [(where, kind) for kind in single] if len(single) > 1 else [(where, ALL)]
    return columns


def _score(rows: Sequence[dict], column: tuple[str, str]) -> str:
    found = next((row for row in rows if (row["set"], row["kind"]) == column), None)
    if found is None:
        return ""
    score = found["mrr_at_5"]
    interval = f" [{score['low']:.3f}, {score['high']:.3f}]" if score["low"] is not None else " (quoted)"
    return f"{score['mean']:.3f}{interval}"


def _cost(row: dict) -> str:
    cost = row["training"]
    if not cost:
        return ""
    return f"{cost['processor_seconds'] / 60:.1f} min"
