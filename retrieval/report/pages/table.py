"""The page of the documentation that tells how well pages are read."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.report.page import table

_TEMPLATE = Path(__file__).with_name("locating.md")
_HEAD = (
    "set", "pages", "characters", "F1 at 0.5", "F1 at 0.7", "small", "count error", "worst page", "tau",
    "1 - edit", "s a page",
)  # fmt: skip
_KEYS = ("f1_50", "f1_70", "small", "count", "worst", "tau", "edit", "seconds")


def pages_page(results: Mapping, worst: Sequence[tuple[str, str, float]]) -> str:
    """The page's text.

    results: as `retrieval.report.pages.command` writes them.
    worst: set, name and score of the pages that the picture shows.
    """
    rows = [
        [f"`{name}`", str(one["pages"]), str(one["characters"]), *(_number(one[key]) for key in _KEYS)]
        for name, one in results["sets"].items()
    ]
    return _TEMPLATE.read_text(encoding="utf-8").format(
        localiser=results["localiser"],
        minutes=results["record"].get("minutes", "?"),
        images=results["record"].get("images", "?"),
        held_out=" and ".join(f"`{name}`" for name in results["held_out"]),
        table=table(_HEAD, rows),
        worst="; ".join(f"`{name}` of `{book}` ({score:.3f})" for book, name, score in worst) or "none",
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
