"""The benchmark's page: a part that is measured again changes its own rows, and nothing else."""

from bench.blocks.printed import plan_of
from bench.table import BenchmarkRow, markdown, with_rows

PAGE = (
    markdown([BenchmarkRow("speed", "1 s"), BenchmarkRow("blocks: ours", "MRR@5 0.9")], "today")
    + "\n## Index\n\nas it was\n"
)


def test_a_row_takes_the_place_of_its_older_self():
    page = with_rows(PAGE, [BenchmarkRow("speed", "2 s", "3 s")])
    assert page == PAGE.replace("| speed | 1 s |  |  |", "| speed | 2 s | 3 s |  |")


def test_a_new_row_comes_before_those_on_quality():
    lines = with_rows(PAGE, [BenchmarkRow("memory", "1 MB")]).split("\n")
    place = lines.index("| memory | 1 MB |  |  |")
    assert lines[place - 1].startswith("| speed |")
    assert lines[place + 1].startswith("| blocks: ours |")
    assert lines[-2] == "as it was"


def test_without_any_quality_it_comes_last():
    page = markdown([BenchmarkRow("speed", "1 s")], "today")
    assert with_rows(page, [BenchmarkRow("memory", "1 MB")]).rstrip().endswith("| memory | 1 MB |  |  |")


def test_the_shelf_of_blocks_has_twins_beside_own_blocks_and_for_lost_ones():
    plan = plan_of(50, 60, 10)
    assert len(set(plan.shelf)) == len(plan.shelf) == 60
    twins = {number for hand, number in plan.shelf if hand == "twin"}
    own = {number for hand, number in plan.shelf if hand == "own"}
    lost = set(plan.pages) - own
    assert (len(plan.pages), len(lost), len(twins & own), len(twins & lost)) == (50, 10, 5, 5)
