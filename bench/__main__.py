"""``python -m bench [--only running,review,finding,labels,release,...] [--sets FOLDER] [--out FILE]``."""

import argparse
import os
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

from bench.table import index_section, markdown, with_rows, write_index_section
from workers.runtime.threads import one_thread_each

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "running",
    "review",
    "page_view",
    "finding",
    "labels",
    "release",
    "reindex",
    "library",
    "index",
    "registering",
    "pages",
    "block_scan",
    "quality",
)
# Where the rows of a part are, if not in ``rows`` of the module of its name.
_ELSEWHERE = {
    "review": "review.keys:rows",
    "page_view": "pages.view:rows",
    "finding": "index.finding:rows",
    "release": "release.promotion:rows",
    "reindex": "release.reindex:rows",
    "library": "library:embedding",
    "index": "index.growth:rows",
    "registering": "index.registering:rows",
    "pages": "pages.matching:rows",
    "block_scan": "blocks.scan:rows",
    "quality": "library:quality",
}


def main() -> None:
    """Measure, print the table, write the page, or the rows of it that were measured."""
    options = _options()
    one_thread_each()
    os.environ.setdefault("MOCBAN_SECRET_KEY", "not a secret: for benchmarks")
    os.chdir(ROOT)

    rows = []
    for row in _measured(options.only.split(","), options.sets):
        rows.append(row)
        print(f"{row.what}: {row.measured.replace('**', '')}", flush=True)  # noqa: T201 - a command's answer
    page = markdown(rows, f"{date.today():%B %Y}")
    print(page)  # noqa: T201 - a command's answer
    whole = options.only == ",".join(PARTS)
    older = options.out.read_text() if options.out.exists() else ""
    if whole:
        index = index_section(older)
        options.out.write_text(write_index_section(page, index) if index else page)
    elif older:
        options.out.write_text(with_rows(older, rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure what the README promises.")
    parser.add_argument(
        "--only",
        default=",".join(PARTS),
        help="parts, with commas; only their rows of the page are written then",
    )
    parser.add_argument(
        "--sets", type=Path, default=ROOT.parent / "shared" / "bench", help="folder of test sets"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmark.md")
    return parser.parse_args()


def _measured(parts: list[str], sets: Path) -> Iterator:
    """The rows of some parts, in the order of all; a part is imported when its turn comes."""
    for part in PARTS:
        if part in parts:
            module, _, function = _ELSEWHERE.get(part, f"{part}:rows").partition(":")
            measure = getattr(import_module(f"bench.{module}"), function)
            yield from measure(sorted(sets.glob("*.zip"))) if part == "quality" else measure()


if __name__ == "__main__":
    main()
