"""The curator's part: models, what is measured of them, which one answers; and webhooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mocban_client.documents import Asking
from mocban_client.files import Upload, form, save
from mocban_client.things import (
    Evaluation,
    Model,
    ModelFile,
    Promotion,
    Release,
    Snapshot,
    TrainingRun,
    Webhook,
)

API = "/api/v1"


class Models(Asking):
    """What curators do with models and webhooks."""

    def models(self) -> Iterator[Model]:
        """Every model, the newest first."""
        return self._all(f"{API}/models/", Model)

    def model(self, id: int) -> Model:
        """One model."""
        return Model.read(self._wire.get(f"{API}/models/{id}/"))

    def model_upload(
        self,
        path: str | os.PathLike[str],
        *,
        progress: Callable[[int, int], object] = lambda done, total: None,
    ) -> ModelFile:
        """Bring in the weights file that ``python -m retrieval train`` wrote; ``wait`` until it is read."""
        file = Upload(Path(path), Path(path).name)
        total = file.path.stat().st_size
        body = form([file], field="file", sent=lambda sent: progress(sent, total))
        return ModelFile.read(self._wire.ask("POST", f"{API}/models/", body))

    def model_download(self, model: Model, to: str | os.PathLike[str]) -> Path:
        """Fetch a model's file; it is there whole, by its hash, or not at all. Raises Damaged."""
        with self._wire.open("GET", f"{API}/models/{model.id}/file/", again=True) as answer:
            return save(answer, Path(to), sha256=model.sha256, size=None)

    def train(
        self,
        snapshot: Snapshot | int,
        recipe: str = "corrections",
        *,
        split: str = "block",
        objective: str = "contrast",
    ) -> TrainingRun:
        """Ask for the live model to learn from a snapshot's training side; ``wait`` for it."""
        number = snapshot.number if isinstance(snapshot, Snapshot) else snapshot
        values = {"snapshot": number, "recipe": recipe, "split": split, "objective": objective}
        return TrainingRun.read(self._wire.post(f"{API}/training-runs/", values))

    def training_runs(self) -> Iterator[TrainingRun]:
        """Every training run, the newest first."""
        return self._all(f"{API}/training-runs/", TrainingRun)

    def evaluate(self, model: Model | int, snapshot: Snapshot | int, *, split: str = "block") -> Evaluation:
        """Ask for a model to be measured beside the live one; ``wait`` for it."""
        number = snapshot.number if isinstance(snapshot, Snapshot) else snapshot
        values = {"model": _id(model), "snapshot": number, "split": split}
        return Evaluation.read(self._wire.post(f"{API}/evaluations/", values))

    def promote(
        self, model: Model | int, evaluation: Evaluation | int | None = None, *, reason: str = ""
    ) -> Promotion:
        """Ask for a model to answer; ``wait`` for it. reason: needed where a gate is closed."""
        values: dict[str, Any] = {"model": _id(model), "reason": reason}
        if evaluation is not None:
            values["evaluation"] = _id(evaluation)
        return Promotion.read(self._wire.post(f"{API}/promotions/", values))

    def releases(self) -> Iterator[Release]:
        """Every release, the newest first."""
        return self._all(f"{API}/releases/", Release)

    def live(self) -> Release:
        """The release that answers now."""
        return Release.read(self._wire.get(f"{API}/releases/live/"))

    def roll_back(self, release: Release | int, *, reason: str = "") -> Release:
        """Let an earlier release answer again, at once."""
        return Release.read(self._wire.post(f"{API}/releases/{_id(release)}/back/", {"reason": reason}))

    def webhooks(self) -> Iterator[Webhook]:
        """Every webhook."""
        return self._all(f"{API}/webhooks/", Webhook)

    def webhook_add(self, name: str, url: str, events: Sequence[str]) -> Webhook:
        """A new webhook. What comes back holds its signing secret, which is shown at no later time."""
        values = {"name": name, "url": url, "events": list(events)}
        return Webhook.read(self._wire.post(f"{API}/webhooks/", values))

    def webhook_delete(self, webhook: Webhook | int) -> None:
        """Delete a webhook."""
        self._wire.ask("DELETE", f"{API}/webhooks/{_id(webhook)}/")


def _id(thing: Any) -> int:
    return thing if isinstance(thing, int) else thing.id
