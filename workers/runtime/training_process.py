"""A training process beside the worker: started, followed by the files it writes, asked to stop, ended.

A process of its own, so that its memory goes back when it ends, and so that nothing in it takes the worker
down. It stops by itself when its standard input ends, which it does with the worker.
"""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from webapp.config.env import ROOT

_NICE = "10"
_STOP_SECONDS, _KILL_SECONDS = 60.0, 10.0
_LOG_BYTES, _LOG_LINES = 16_000, 60
_MOST_POINTS = 240
_CHATTER = re.compile(r"^W\d{4} |^\*{5,}|OMP_NUM_THREADS|^$")


@dataclass(frozen=True)
class TrainingSpec:
    """What to train.

    recipe: a name.
    objective: a name.
    weights: of the model to begin with.
    name: of the new one.
    record: to be written into the new weights, as JSON can hold it.
    """

    recipe: str
    objective: str
    weights: Path
    name: str
    record: dict = field(default_factory=dict)


class TrainingProcess:
    """One training process, in a folder of its own that outlives it."""

    def __init__(self, folder: Path, spec: TrainingSpec) -> None:
        self.folder, self._spec = folder, spec
        self._process: subprocess.Popen[bytes]  # from ``__enter__`` on

    @property
    def pairs(self) -> Path:
        """The list of training pairs, to be there before the start."""
        return self.folder / "lessons.jsonl"  # the name that runs of earlier versions have

    def __enter__(self) -> "TrainingProcess":
        (self.folder / "record.json").write_text(json.dumps(self._spec.record))
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command(),
                cwd=ROOT,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.request_stop()
        try:
            self._process.wait(_STOP_SECONDS if kind is None else _KILL_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def wait(self, seconds: float) -> int | None:
        """Its exit status, a signal as a negative number; None if it still runs so much later."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def request_stop(self) -> None:
        """Ask it to write a checkpoint and end. Harmless when done twice."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            stdin.close()

    def kill(self) -> None:
        """End it, and what it started, at once; it goes on from its last checkpoint."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()

    def points(self) -> list[dict]:
        """Of its curves so far, a few hundred at most."""
        return thinned(read_points(self.folder / "points.jsonl"))

    def log(self) -> str:
        """The last lines it wrote."""
        return read_log(self.folder / "log.txt")

    def log_line(self, text: str) -> None:
        """Add a line of the worker's own to the log."""
        with (self.folder / "log.txt").open("a", encoding="utf-8") as log:
            log.write(f"{text}\n")

    def result(self) -> dict | None:
        """The facts of the new model; None while there is none."""
        return read_json(self.folder / "result.json")

    def error(self) -> dict | None:
        """Why it cannot go on; None where it gave no reason."""
        return read_json(self.folder / "error.json")

    @property
    def weights(self) -> Path:
        """The new weights, once there is a result."""
        return self.folder / "weights.safetensors"

    def _command(self) -> list[str]:
        spec = self._spec
        options = ["--weights", str(spec.weights), "--folder", str(self.folder), "--name", spec.name]
        options += ["--objective", spec.objective, "--drawn", str(self.folder.parent)]
        options += ["--record", str(self.folder / "record.json"), "--nice", _NICE, "--leave-with-input"]
        return [sys.executable, "-m", "retrieval", "tune", spec.recipe, str(self.pairs), *options]


def thinned(points: list[dict]) -> list[dict]:
    """Fewer points: several in one with their mean loss. Those with a measure of the validation side stay."""
    together = -(-len(points) // _MOST_POINTS)
    found, some = [], []
    for point in points:
        some.append(point)
        if len(some) >= together or "mrr" in point:
            losses = [one["loss"] for one in some if "loss" in one]
            found.append({**point, **({"loss": round(sum(losses) / len(losses), 4)} if losses else {})})
            some = []
    return found + some[-1:]


def read_points(path: Path) -> list[dict]:
    """The points in a file; a line that is cut short is none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            point = json.loads(line)
        except ValueError:
            continue
        if isinstance(point, dict) and {"batch", "share", "seconds"} <= point.keys():
            found.append(point)
    return found


def read_log(path: Path) -> str:
    """The last lines for people: without torchrun's own lines."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _LOG_BYTES))
            lines = file.read().decode(errors="replace").replace("\0", "").splitlines()
    except FileNotFoundError:
        return ""
    return "\n".join([line for line in lines if not _CHATTER.search(line)][-_LOG_LINES:])


def read_json(path: Path) -> dict | None:
    """The object in a file; None where it is missing or cut short."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _environment() -> dict[str, str]:
    """The worker's, without the settings: it needs neither the database nor the secret."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
    return {**kept, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"), "PYTHONUNBUFFERED": "1"}
