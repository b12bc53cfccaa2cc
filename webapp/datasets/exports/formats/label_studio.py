"""Label Studio: tasks with annotations and predictions, as its import takes them."""

import json
from collections.abc import Iterator

from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, picture_members
from webapp.datasets.exports.sources.source import Row, Source

_VIEW = """\
<View>
  <Image name="image" value="$image"/>
  <TextArea name="item" toName="image" maxSubmissions="20"/>
  <Choices name="verdict" toName="image"><Choice value="match"/><Choice value="none"/></Choices>
</View>
"""


def write(source: Source) -> Iterator[Member]:
    """``tasks.json``, and with the pictures ``view.xml``, the interface that shows them.

    Pictures are named as Label Studio's local storage serves them, below the folder that holds the zip's
    files. A match stands as the block's digest, with its codepoint and name in ``meta``.
    """
    yield Member("tasks.json", _tasks(source))
    if source.with_files:
        yield Member("view.xml", [_VIEW.encode()])
    yield from picture_members(source)


def _tasks(source: Source) -> Iterator[bytes]:
    yield b"["
    for place, row in enumerate(source.rows()):
        yield (",\n" if place else "").encode() + json.dumps(_task(row), ensure_ascii=False).encode()
    yield b"]\n"


def _task(row: Row) -> dict:
    origin, decision = row.origin, row.decision
    image = f"/data/local-files/?d={row.image}" if row.image else origin["name"]
    return {
        "id": row.number,
        "data": {"image": image, "sha256": row.label.query, "name": origin["name"]},
        "meta": {"batch": origin["batch"], "split": row.side},
        "annotations": [
            {
                "id": decision["id"],
                "created_at": decision["decided"],
                "was_cancelled": False,
                "ground_truth": bool(origin["settled"]),
                "result": _annotation(row),
            }
        ],
        "predictions": [_prediction(one) for one in origin["suggestions"]],
    }


def _annotation(row: Row) -> list[dict]:
    label = row.label
    verdict = _result("verdict", "choices", {"choices": [label.verdict]})
    if not row.matches:
        return [verdict | {"meta": {"reason": label.reason}}]
    items = _result("item", "textarea", {"text": [block.sha256 for block in row.matches]})
    meta = {
        "codepoints": [block.codepoint for block in row.matches],
        "relations": [block.relation for block in row.matches],
        "names": [block.name for block in row.matches],
    }
    return [verdict, items | {"meta": meta}]


def _prediction(suggestion: dict) -> dict:
    return {
        "model_version": f"release {suggestion['release']}",
        "score": suggestion["confidence"],
        "result": [_result("item", "textarea", {"text": [suggestion["item"]]})],
    }


def _result(name: str, kind: str, value: dict) -> dict:
    return {"from_name": name, "to_name": "image", "type": kind, "value": value}


FORMAT = Format(name="label_studio", label="Label Studio", write=write, ending="json")
