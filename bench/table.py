"""What was measured, as one table."""

import os
import platform
from dataclasses import dataclass

from bench.machine import processor


@dataclass(frozen=True)
class BenchmarkRow:
    """what: the promise. measured: with its unit. bar: what was promised, if anything. how: of measuring."""

    what: str
    measured: str
    bar: str = ""
    how: str = ""


def markdown(rows: list[BenchmarkRow], began: str) -> str:
    """The page of docs: where, when and how it was measured, and the table."""
    cells = [("what", "measured", "bar", "how"), ("---",) * 4]
    cells += [(row.what, row.measured, row.bar, row.how) for row in rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in cells)
    return (
        "# Benchmark\n\n"
        f"Written by `make bench` on {began}: {os.cpu_count()} cores ({processor()}), no GPU, "
        f"{platform.system()}, Python {platform.python_version()}. "
        "Other work on the machine makes times longer: read them as upper bounds.\n\n"
        f"{table}\n"
    )


def with_rows(page: str, rows: list[BenchmarkRow]) -> str:
    """The page with these rows in the place of older ones, new ones after the last that is on no quality."""
    lines = page.split("\n")
    for row in rows:
        line = _line(row)
        at = next((n for n, old in enumerate(lines) if old.startswith(f"| {row.what} |")), None)
        if at is None:
            lines.insert(_end_of_speeds(lines), line)
        else:
            lines[at] = line
    return "\n".join(lines)


def _line(row: BenchmarkRow) -> str:
    return "| " + " | ".join((row.what, row.measured, row.bar, row.how)) + " |"


def _end_of_speeds(lines: list[str]) -> int:
    """The place of the first row on quality, which begin with the name of a set; else the table's end."""
    table = [n for n, line in enumerate(lines) if line.startswith("| ")]
    first = [n for n in table if "MRR@5" in lines[n]]
    end = next((n for n in table if n + 1 not in table), len(lines) - 1) + 1
    return first[0] if first else end


_INDEX = "## How the search index grows"


def write_index_section(page: str, section: str) -> str:
    """The page with its section on the index put in, in place of an older one."""
    return f"{page.split(_INDEX)[0].rstrip()}\n\n{_INDEX}\n\n{section}"


def index_section(page: str) -> str | None:
    """The section on the index that a page holds already, as it was measured by `make bench-index`."""
    return page.split(_INDEX, 1)[1].lstrip() if _INDEX in page else None
