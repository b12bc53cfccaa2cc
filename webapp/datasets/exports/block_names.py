"""Names by which blocks and pictures are told apart where digests would say nothing to people."""

from collections.abc import Iterable, Mapping

from common.names import name_key


def distinct_names(names: Mapping[str, str]) -> dict[str, str]:
    """The shortest path that tells each file from all others: "0.stl", or "a/0.stl" where "b/0.stl" is there.

    Files of one and the same path get a part of their digest before the ending: "0~1a2b3c4d.stl". Which name
    a file gets depends on the set of files alone, not on their order. Names that differ in case only, or in
    how an accent is written, count as one: some systems take them for one.

    Args:
        names: paths, with "/" between folders, by the SHA-256 of their files.
    """
    found: dict[str, str] = {}
    waiting = {sha256: name.split("/") for sha256, name in names.items()}
    depth = 1
    while waiting:
        tails = {sha256: "/".join(parts[-depth:]) for sha256, parts in waiting.items()}
        for alike in _alike(tails):
            deeper = [sha256 for sha256 in alike if len(waiting[sha256]) > depth] if len(alike) > 1 else []
            done = [sha256 for sha256 in alike if sha256 not in deeper]
            found |= {sha256: tails[sha256] for sha256 in done} if len(done) == 1 else _marked(done, tails)
            for sha256 in done:
                del waiting[sha256]
        depth += 1
    return found


def _alike(tails: Mapping[str, str]) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = {}
    for sha256, tail in tails.items():
        groups.setdefault(name_key(tail).casefold(), []).append(sha256)
    return groups.values()


def _marked(alike: list[str], tails: Mapping[str, str]) -> dict[str, str]:
    return {sha256: with_mark(tails[sha256], sha256[:8]) for sha256 in alike}


def with_mark(name: str, mark: str) -> str:
    """``name`` with a mark before its ending: "a/0~1a2b3c4d.stl"."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}~{mark}.{ending}" if dot and "/" not in ending else f"{name}~{mark}"
