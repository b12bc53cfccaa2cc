"""What a file of labels says of one picture, in the file's own words."""

import re
from dataclasses import dataclass

DIGEST = re.compile(r"[0-9a-fA-F]{64}")
VERDICTS = ("match", "none", "unsure")
MOST_LINE = 4 << 20
"""Characters of one line, or of one task: no label is that long."""

_NOTHING = ("skip", "withdrawn")


@dataclass(frozen=True)
class Block:
    """The words by which a file names a block; at least one of them. word: one that may be any of them."""

    sha256: str = ""
    number: str = ""
    name: str = ""
    character: str = ""
    word: str = ""

    def __str__(self) -> str:
        return self.name or self.word or self.character or self.sha256[:12] or f"No. {self.number}"


@dataclass(frozen=True)
class ParsedLabel:
    """One picture's label. sha256: of the picture, empty where the file has none. relations: a block each."""

    line: int
    sha256: str
    name: str
    verdict: str
    blocks: tuple[Block, ...] = ()
    relations: tuple[str, ...] = ()
    reason: str = ""
    comment: str = ""
    batch: str = ""
    who: str = ""
    when: str = ""

    @property
    def picture(self) -> str:
        return self.name or self.sha256


@dataclass(frozen=True)
class UnusableLine:
    """A line that says nothing that can be used, and why."""

    line: int
    word: str
    picture: str = ""


ParsedLine = ParsedLabel | UnusableLine
"""What one line says, or why it says nothing."""


def parsed_label(
    line: int, sha256: str, name: str, *, verdict: str, blocks, relations, **words
) -> ParsedLine:
    """What was read as a label, or why it is none."""
    texts = [sha256, name, verdict, *words.values(), *relations]
    texts += [text for block in blocks for text in vars(block).values()]
    if not all(_is_text(text) for text in texts):
        return UnusableLine(line, "it contains invalid characters")
    picture = name or sha256
    sha256 = sha256.strip().lower()
    verdict = verdict.strip().lower() or ("match" if blocks else "")
    if sha256 and not DIGEST.fullmatch(sha256):
        return UnusableLine(line, f"{sha256[:80]} is not a SHA-256 hash", picture)
    if not picture:
        return UnusableLine(line, "the picture is missing")
    if verdict in _NOTHING or not verdict:
        return UnusableLine(line, "the label is missing", picture)
    if verdict not in VERDICTS:
        return UnusableLine(line, f"{verdict[:80]} is not a verdict", picture)
    if verdict == "match" and not blocks:
        return UnusableLine(line, "the match has no block", picture)
    if verdict != "match":
        blocks, relations = (), ()
    return ParsedLabel(line, sha256, name, verdict, tuple(blocks), tuple(relations), **words)


def delimiter_of(line: str) -> str:
    """What parts the cells of a table, by its first line."""
    return max(",;\t", key=line.count)


def _is_text(text: str) -> bool:
    """Whether every database keeps it. JSON can write zero characters, and halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
