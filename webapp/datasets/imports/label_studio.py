"""Labels from Label Studio: tasks as we write them, and choices, texts and labelled regions as others do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from webapp.core.characters import character_of
from webapp.core.errors import Refused
from webapp.datasets.imports.parsed import (
    DIGEST,
    MOST_LINE,
    VERDICTS,
    Block,
    ParsedLabel,
    ParsedLine,
    UnusableLine,
    parsed_label,
)

_CHUNK = 1 << 20
_FLAT = ("choice", "label", "verdict", "item", "character")


def label_studio_labels(path: Path) -> Iterator[ParsedLine]:
    """What each task says that somebody labelled. Raises Refused where the JSON is damaged."""
    for line, task in _tasks(path):
        try:
            if (label := _of_task(line, task)) is not None:
                yield label
        except (TypeError, AttributeError, KeyError, ValueError):
            yield UnusableLine(line, "not a task as Label Studio exports it")


def _tasks(path: Path) -> Iterator[tuple[int, Any]]:
    """The array's members one after another, each with its line, so that memory does not grow."""
    decoder, line, buffer, inside = json.JSONDecoder(), 1, "", False
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        while True:
            rest = buffer.lstrip(" \t\r\n," if inside else " \t\r\n")
            line, buffer = line + buffer[: len(buffer) - len(rest)].count("\n"), rest
            if not inside and buffer:
                buffer, inside = buffer[1:], True  # one bracket: a list in the list is no task
                continue
            if inside and buffer.startswith("]"):
                _check_end(buffer[1:] + file.read(_CHUNK), line)
                return
            try:
                task, end = decoder.raw_decode(buffer)
                yield line, task
                line, buffer = line + buffer[:end].count("\n"), buffer[end:]
                continue
            except (ValueError, RecursionError) as error:
                more = file.read(_CHUNK) if len(buffer) < MOST_LINE else ""
                if not more:
                    raise _damaged(line, buffer, error) from None
            buffer += more


def _check_end(rest: str, line: int) -> None:
    """Raises Refused where anything stands behind the list."""
    if more := rest.lstrip():
        line += rest[: len(rest) - len(more)].count("\n")
        raise Refused(
            f"line {line}: something stands behind the end of the list",
            hint="export it again",
            code="bad_labels",
        )


def _damaged(line: int, buffer: str, error: Exception) -> Refused:
    at = line + buffer[: getattr(error, "pos", 0)].count("\n")
    what = "ends too early" if isinstance(error, ValueError) else "is nested too deeply"
    return Refused(f"line {at}: the JSON is damaged, or {what}", hint="export it again", code="bad_labels")


def _of_task(line: int, task: dict[str, Any]) -> ParsedLine | None:
    """What a task says; None where nobody labelled it."""
    data = task.get("data", task)
    image = str(data.get("image") or next((v for v in data.values() if isinstance(v, str)), ""))
    base = image.split("?d=")[-1].rpartition("/")[2]
    stem = base.rpartition(".")[0] or base
    sha256 = str(data.get("sha256") or (stem if DIGEST.fullmatch(stem) else ""))
    name = str(data.get("name") or re.sub(r"^[0-9a-f]{8}-", "", base))
    if "annotations" not in task:
        results = [[{"from_name": key, "value": {"choices": [task[key]]}} for key in _FLAT if key in task]]
        given = [{"result": results[0]}] if results[0] else []
    else:
        given = [one for one in task["annotations"] if not one.get("was_cancelled") and one.get("result")]
    if not given:
        return None
    truth = [one for one in given if one.get("ground_truth")] or given
    labels = [_of_annotation(line, sha256, name, one, task) for one in truth]
    different = {(one.verdict, one.blocks, one.reason) for one in labels if isinstance(one, ParsedLabel)}
    if len(different) > 1:
        return UnusableLine(
            line, "its annotations differ, and none is marked as ground truth", name or sha256
        )
    return labels[-1]


def _of_annotation(line: int, sha256: str, name: str, annotation: dict, task: dict) -> ParsedLine:
    verdict, reason, words, relations = "", "", [], []
    for result in annotation["result"]:
        values, meta = _values(result["value"]), result.get("meta") or {}
        reason = str(meta.get("reason") or reason)
        if result.get("from_name") == "verdict" or (not verdict and values and set(values) <= set(VERDICTS)):
            verdict = values[0] if values else ""
            continue
        words += [value for value in values if value not in words]
        relations += [str(one or "") for one in meta.get("relations", ())]
    relations += [""] * (len(words) - len(relations))
    who = annotation.get("completed_by")
    return parsed_label(
        line,
        sha256,
        name,
        verdict=verdict,
        blocks=[_block_of_word(word) for word in words],
        relations=relations[: len(words)],
        reason=reason,
        batch=str((task.get("meta") or {}).get("batch") or ""),
        who=str(who.get("email", "") if isinstance(who, dict) else who or ""),
        when=str(annotation.get("created_at") or "")[:40],
    )


def _values(value: dict[str, Any]) -> list[str]:
    """What a choice, a text or a labelled rectangle says."""
    found: list[str] = []
    for name, words in value.items():
        if name in ("choices", "text", "labels") or name.endswith("labels"):
            found += [words] if isinstance(words, str) else [str(one) for one in words]
    return found


def _block_of_word(word: str) -> Block:
    if DIGEST.fullmatch(word):
        return Block(sha256=word.lower())
    if re.match(r"[Uu]\+[0-9A-Fa-f]{4}", word):
        return Block(character=character_of(word))
    return Block(word=word)
