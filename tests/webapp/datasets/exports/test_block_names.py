"""Names of blocks are short, distinct, and depend on nothing but the set of blocks."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.datasets.exports.block_names import distinct_names, with_mark

A, B, C, D = (letter * 64 for letter in "abcd")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({}, {}),
        ({A: "blocks/0.stl", B: "blocks/1.stl"}, {A: "0.stl", B: "1.stl"}),
        ({A: "a/0.stl", B: "b/0.stl"}, {A: "a/0.stl", B: "b/0.stl"}),
        ({A: "x/a/0.stl", B: "y/a/0.stl", C: "z/1.stl"}, {A: "x/a/0.stl", B: "y/a/0.stl", C: "1.stl"}),
        ({A: "0.stl", B: "b/0.stl"}, {A: "0.stl", B: "b/0.stl"}),
        ({A: "0.stl", B: "0.stl", C: "c/0.stl"}, {A: "0~aaaaaaaa.stl", B: "0~bbbbbbbb.stl", C: "c/0.stl"}),
        ({A: "a/0.stl", B: "b/0.STL"}, {A: "a/0.stl", B: "b/0.STL"}),
        ({A: "a/é.stl", B: "b/e\u0301.stl"}, {A: "a/é.stl", B: "b/e\u0301.stl"}),
        ({A: "a/\uf914.stl", B: "b/樂.stl"}, {A: "\uf914.stl", B: "樂.stl"}),
        ({A: "", B: "", C: "x"}, {A: "~aaaaaaaa", B: "~bbbbbbbb", C: "x"}),
    ],
)
def test_the_shortest_path_that_tells_them_apart(names, found):
    assert distinct_names(names) == found


paths = st.lists(st.sampled_from(["a", "b", "A", "é", "e\u0301", "0.stl", ""]), min_size=1, max_size=4).map(
    "/".join
)


def slowly(names: dict[str, str]) -> dict[str, str]:
    """Try every length of every name against all other names."""

    def tail(name: str, depth: int) -> str:
        return "/".join(name.split("/")[-depth:])

    def same(one: str, other: str) -> bool:
        return one.replace("e\u0301", "é").casefold() == other.replace("e\u0301", "é").casefold()

    found = {}
    for key, name in names.items():
        others = [other for each, other in names.items() if each != key]
        length = len(name.split("/"))
        for depth in range(1, length + 1):
            # Names that end before are told apart by being shorter.
            rivals = [one for one in others if len(one.split("/")) >= depth or depth == 1]
            alike = [one for one in rivals if same(tail(one, depth), tail(name, depth))]
            if depth == length:
                alike = [one for one in alike if len(one.split("/")) == length]
            if not alike:
                found[key] = tail(name, depth)
                break
        else:
            found[key] = with_mark(name, key[:8])
    return found


@given(st.lists(paths, max_size=8), st.randoms())
def test_names_are_distinct_and_do_not_hang_on_the_order(found, chance: random.Random):
    names = {f"{number:08}": name for number, name in enumerate(found)}
    given_out = distinct_names(names)
    assert len({name.replace("e\u0301", "é").casefold() for name in given_out.values()}) == len(names)
    assert given_out == slowly(names)
    shuffled = list(names.items())
    chance.shuffle(shuffled)
    assert distinct_names(dict(shuffled)) == given_out
