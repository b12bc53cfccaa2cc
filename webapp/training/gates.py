"""What a candidate must show before it may answer."""

from dataclasses import dataclass
from typing import Any

from webapp.training.evaluations.frozen import FrozenSets

LEAST_QUERIES = 30
MOST_LOSS = 0.02
SLICE_QUERIES = 20
MOST_CALIBRATION_ERROR = 0.05


@dataclass(frozen=True)
class Gate:
    """One condition. name: what it is about. open: whether it is met. measured: the number that tells."""

    name: str
    open: bool
    measured: float


def gates_of(results: dict[str, Any], frozen: FrozenSets | None = None) -> list[Gate]:
    """The gates before a candidate, by the results of its evaluation.

    "queries": it was asked at least 30. "better": the lower end of the 95 % interval of its gain in MRR@5
    lies above zero. "slices": it loses at most 0.02 of MRR@5 on any slice of 20 queries or more.
    "calibration": the expected calibration error of its first suggestions is at most 0.05. "carvings", where
    it is known of 20 queries or more which carving printed them: it loses at most 0.02 of MRR@5 of the very
    carving, by both stages. "frozen", where it was measured on other test sides as well: it loses at most
    0.02 of MRR@5 on any of them, and all are done.
    """
    losses = [one["gain"]["mean"] for one in results["slices"] if one["queries"] >= SLICE_QUERIES]
    worst = min(losses, default=0.0)
    error = results["candidate"]["calibration_error"]
    gain = results["gain"]["mrr_at_5"]["low"]
    carvings = results.get("carvings") or {"queries": 0}
    gates = [
        Gate("queries", results["queries"] >= LEAST_QUERIES, results["queries"]),
        Gate("better", gain > 0, gain),
        Gate("slices", worst >= -MOST_LOSS, worst),
        Gate("calibration", error <= MOST_CALIBRATION_ERROR, error),
    ]
    if carvings["queries"] >= SLICE_QUERIES:
        change = carvings["carving"]["gain"]["mean"]
        gates.append(Gate("carvings", change >= -MOST_LOSS, change))
    if frozen and (frozen.waiting or frozen.losses):
        gates.append(Gate("frozen", not frozen.waiting and frozen.worst >= -MOST_LOSS, frozen.worst))
    return gates
