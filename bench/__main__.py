"""``python -m bench [--only running,review,finding,labels,release,...] [--sets FOLDER] [--out FILE]``."""

import argparse
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

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


def main() -> None:
    """Measure, print the table, write the page, or the rows of it that were measured."""
    options = _options()
    one_thread_each()
    os.environ.setdefault("MOCBAN_SECRET_KEY", "not a secret: for benchmarks")
    os.chdir(ROOT)
    from bench.table import index_section, markdown, with_rows, write_index_section

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
    if "running" in parts:
        from bench import running

        yield from running.rows()
    if "review" in parts:
        from bench import review

        yield from review.rows()
    if "page_view" in parts:
        from bench import page_view

        yield from page_view.rows()
    if "finding" in parts:
        from bench import finding

        yield from finding.rows()
    if "labels" in parts:
        from bench import labels

        yield from labels.rows()
    if "release" in parts:
        from bench import release

        yield from release.rows()
    if "reindex" in parts:
        from bench import reindex

        yield from reindex.rows()
    if "library" in parts:
        from bench import library

        yield library.embedding()
    if "index" in parts:
        from bench import index

        yield from index.rows()
    if "registering" in parts:
        from bench import registering

        yield registering.row()
    if "pages" in parts:
        from bench import pages

        yield from pages.rows()
    if "block_scan" in parts:
        from bench import block_scan

        yield block_scan.row()
    if "quality" in parts:
        from bench import library

        yield from library.quality(sorted(sets.glob("*.zip")))


if __name__ == "__main__":
    main()
