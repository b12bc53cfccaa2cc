"""The page docs/retrieval.md, filled from what was measured and from nothing else."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.report.charts import Panel, svg

TEMPLATE = Path(__file__).with_name("page.md")
PICTURES = Path("pictures") / "retrieval"
_ENOUGH = 10  # suggestions that a point of the diagram stands for
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_BY = {
    "": "",
    "kind": "kind",
    "plane": "plane",
    "typefaces": "typefaces in training",
    "crops": "real crops in training",
    "size": "picture's longer side",
}


def page(results: Mapping, template: str | None = None) -> str:
    """The whole page.

    results: as `measure` gives them and as they lie in docs/results/retrieval.json. Raises ValueError
    where the template names what is not known, or leaves out what is.
    """
    text = TEMPLATE.read_text(encoding="utf-8") if template is None else template
    values = _values(results)
    named = set(_PLACE.findall(text))
    if named != values.keys():
        raise ValueError(f"the template and the values differ in {sorted(named ^ values.keys())}")
    return _PLACE.sub(lambda found: values[found[1]], text)


def charts(results: Mapping) -> dict[str, str]:
    """The page's diagrams by file name."""
    curves = results["reliability"]
    panels = [
        Panel(title, "confidence given", "share that was right", _reliable(curves, key))
        for key, title in (("first", "First suggestions"), ("five", "All five"))
    ]
    known = {name: one["curve"] for name, one in results["absence"].items() if one}
    absent = Panel("Is it in the gallery?", "absent ones taken for present", "present ones seen", known)
    return {"reliability.svg": svg(panels), "absence.svg": svg([absent])}


def _reliable(curves: Mapping, key: str) -> dict[str, list[tuple[float, float]]]:
    """Mean given and share right of each tenth that holds enough suggestions to tell."""
    return {
        name: [
            (tenth["given"], tenth["right"]) for tenth in one[key]["bins"] if tenth["suggestions"] >= _ENOUGH
        ]
        for name, one in curves.items()
    }


def _values(results: Mapping) -> dict[str, str]:
    model, learned = results["model"], results["learned"]
    shape = model["shape"]
    return {
        "name": model["name"],
        "fingerprint": model["fingerprint"],
        "file": model["file"],
        "megabytes": f"{model['megabytes']:g}",
        "width": str(shape["width"]),
        "size": str(shape["size"]),
        "channels": _listed([str(one) for one in shape["channels"]]),
        "cells": str(shape["size"] // 16),
        **{key: f"{value:,}" for key, value in learned.items()},
        "record": _record(model["record"]),
        "headline": _headline(results["sets"]),
        "slices": "\n\n".join(_slices(name, one) for name, one in results["sets"].items()),
        "errors": _errors(results["reliability"]),
        "bins": _bins(results["reliability"]),
        "absence": _absence(results["absence"]),
        "handedness": _handedness(results["handedness"]),
        "worst": "\n\n".join(_worst(name, rows) for name, rows in results["worst"].items()),
    }


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _record(record: Mapping) -> str:
    rows = [[key, _recorded(value)] for key, value in record.items()]
    return table(["in the training record", ""], rows)


def _recorded(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_recorded(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return f"{len(value)}: " + ", ".join(_recorded(inner) for inner in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _headline(sets: Mapping) -> str:
    rows = []
    for name, one in sets.items():
        of_kind = [row for row in one["slices"] if row["by"] == "kind"]
        for row in of_kind or one["slices"][:1]:
            kind = f", {row['of']}" if of_kind else ""
            cells = [f"**{row['mrr_at_5']['mean']:.3f}** {_span(row['mrr_at_5'])}"]
            cells += [_interval(row[key]) for key in ("recall_at_1", "recall_at_5")]
            rows.append([f"`{name}`{kind}", str(row["queries"]), str(one["items"]), *cells])
    return table(["set", "queries", "gallery", "MRR@5", "recall@1", "recall@5"], rows)


def _slices(name: str, one: Mapping) -> str:
    rows = [
        [_BY[row["by"]], row["of"], str(row["queries"])]
        + [_interval(row[key]) for key in ("mrr_at_5", "recall_at_1", "recall_at_5")]
        for row in one["slices"]
    ]
    note = f" {one['unreadable_queries']} queries could not be read." if one["unreadable_queries"] else ""
    head = f"### `{name}`\n\n{one['queries']:,} queries, {one['items']:,} items.{note}\n\n"
    return head + table(["by", "queries", "count", "MRR@5", "recall@1", "recall@5"], rows)


def _errors(curves: Mapping) -> str:
    rows = [
        [f"`{name}`", *(f"{one[key]['error']:.3f}" for key in ("first", "five"))]
        for name, one in curves.items()
    ]
    return table(["expected calibration error", "first suggestions", "all five"], rows)


def _bins(curves: Mapping) -> str:
    """First suggestions by the tenth in which their confidence lies."""
    rows = []
    for name, one in curves.items():
        for tenth in one["first"]["bins"]:
            label = f"{tenth['from']:.1f} to {tenth['from'] + 0.1:.1f}"
            cells = [str(tenth["suggestions"]), f"{tenth['given']:.3f}", f"{tenth['right']:.3f}"]
            rows.append([f"`{name}`", label, *cells])
    return table(["first suggestions of", "confidence", "count", "mean given", "share right"], rows)


def _absence(found: Mapping) -> str:
    rows = [_absent(name, one) for name, one in found.items() if one]
    return table(
        ["half of the characters taken out of", "queries", "AUROC", "least to most of the draws"], rows
    )


def _absent(name: str, one: Mapping) -> list[str]:
    spread = f"{one['least']:.3f} to {one['most']:.3f}"
    return [f"`{name}`", str(one["queries"]), f"**{one['auroc']:.3f}**", spread]


def _handedness(found: Mapping) -> str:
    head = ["half mirrored", "items", "right", "flagged as doubtful", "right where not flagged"]
    return table(
        [*head, "MRR@5", "MRR@5, none mirrored"], [_handed(name, one) for name, one in found.items()]
    )


def _handed(name: str, one: Mapping) -> list[str]:
    sure = _interval(one["right_where_sure"]) if one["right_where_sure"] else "none"
    scores = [f"{one[key]['mean']:.3f}" for key in ("mrr_at_5", "mrr_at_5_unmirrored")]
    right = f"**{one['right']['mean']:.3f}** {_span(one['right'])}"
    return [f"`{name}`", str(one["items"]), right, _interval(one["doubtful"]), sure, *scores]


def _worst(name: str, rows: Sequence[Mapping]) -> str:
    table_rows = [_answered(place, row) for place, row in enumerate(rows, start=1)]
    picture = f"![The worst answers of {name}]({(PICTURES / f'worst-{name}.webp').as_posix()})"
    head = ["row", "kind", "character", "right one found at", "confidence of the first"]
    return f"### `{name}`\n\n{picture}\n\n{table(head, table_rows)}"


def _answered(place: int, row: Mapping) -> list[str]:
    rank = str(row["rank"] or "not in five")
    return [str(place), row["kind"], row["character"], rank, f"{row['confidence']:.2f}"]


def _interval(one: Mapping) -> str:
    return f"{one['mean']:.3f} {_span(one)}"


def _span(one: Mapping) -> str:
    return f"[{one['low']:.3f}, {one['high']:.3f}]"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
