"""Label Studio: tasks with annotations and predictions, as its import takes them."""

import json
from collections.abc import Iterator

from webapp.core.characters import codepoints
from webapp.datasets.exports.formats.source import Member, Row, Source

_VIEW = """\
<View>
  <Image name="image" value="$image"/>
  <TextArea name="item" toName="image" maxSubmissions="20"/>
  <Choices name="verdict" toName="image"><Choice value="match"/><Choice value="none"/></Choices>
</View>
"""


def label_studio(source: Source) -> Iterator[Member]:
    """``tasks.json``, and with the pictures ``view.xml``, the interface that shows them.

    Pictures are named as Label Studio's local storage serves them, below the folder that holds the zip's
    files. A match stands as the item's digest, with its codepoint in ``meta``.
    """
    yield Member("tasks.json", _tasks(source))
    if source.with_images:
        yield Member("view.xml", [_VIEW.encode()])
    yield from source.images()


def _tasks(source: Source) -> Iterator[bytes]:
    yield b"["
    for place, row in enumerate(source.rows()):
        yield (",\n" if place else "").encode() + json.dumps(_task(row), ensure_ascii=False).encode()
    yield b"]\n"


def _task(row: Row) -> dict:
    origin = row.origin
    told = next(one for one in origin["decisions"] if one["id"] == origin["label"])
    image = f"/data/local-files/?d={row.image}" if row.image else origin["name"]
    return {
        "id": row.number,
        "data": {"image": image, "sha256": row.label.query, "name": origin["name"]},
        "meta": {"batch": origin["batch"], "split": row.side},
        "annotations": [
            {
                "id": told["id"],
                "created_at": told["decided"],
                "was_cancelled": False,
                "ground_truth": bool(origin["settled"]),
                "result": _result(row),
            }
        ],
        "predictions": [_prediction(one) for one in origin["suggestions"]],
    }


def _result(row: Row) -> list[dict]:
    label = row.label
    verdict = _said("verdict", "choices", {"choices": [label.verdict]})
    if not label.matches:
        return [verdict | {"meta": {"reason": label.reason}}]
    items = _said("item", "textarea", {"text": [match.item for match in label.matches]})
    meta = {
        "codepoints": [codepoints(match.character) for match in label.matches],
        "relations": [match.relation for match in label.matches],
    }
    return [verdict, items | {"meta": meta}]


def _prediction(suggestion: dict) -> dict:
    return {
        "model_version": f"release {suggestion['release']}",
        "score": suggestion["confidence"],
        "result": [_said("item", "textarea", {"text": [suggestion["item"]]})],
    }


def _said(name: str, kind: str, value: dict) -> dict:
    return {"from_name": name, "to_name": "image", "type": kind, "value": value}
