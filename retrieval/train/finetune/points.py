"""The points of a run's curves: a file that is only ever added to, and cut where a run goes on."""

import json
from collections.abc import Callable
from pathlib import Path

from common.publish import write_aside


class Points:
    """JSON Lines, each {"batch", "share", "seconds", "loss"}; some with {"mrr", "kept"} as well."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, batch: int, measure: Callable[[], dict[str, object]]) -> None:
        """Drop what a killed run wrote of later batches; measure where nothing is written yet.

        batch: the run goes on after this one.
        measure: gives "mrr" and "kept" of the old network.
        """
        kept = [point for point in self.read() if point["batch"] <= batch]
        if not kept:
            kept = [{"batch": 0, "share": 0.0, "seconds": 0.0, **measure()}]
        with write_aside(self._path) as aside:
            aside.write_text("".join(json.dumps(point) + "\n" for point in kept), encoding="utf-8")

    def add(self, point: dict[str, object]) -> None:
        """Add one."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")

    def read(self) -> list[dict]:
        """All of them; a line that a kill or a full disk cut short is none."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return [point for point in found if isinstance(point, dict) and "batch" in point]
