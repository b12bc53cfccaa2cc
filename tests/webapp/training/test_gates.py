"""The gates before a promotion."""

import pytest

from webapp.training.gates import gates_of


def results(queries=100, low=0.01, slices=(), error=0.02):
    return {
        "queries": queries,
        "gain": {"mrr_at_5": {"mean": 0.02, "low": low, "high": 0.04}},
        "candidate": {"calibration_error": error},
        "slices": [{"name": "x", "queries": n, "gain": {"mean": mean}} for n, mean in slices],
    }


def closed(results):
    return [gate.name for gate in gates_of(results) if not gate.open]


def carved(queries, change):
    return results() | {"carvings": {"queries": queries, "carving": {"gain": {"mean": change}}}}


@pytest.mark.parametrize(
    ("results", "wanted"),
    [
        (results(), []),
        (results(queries=29), ["queries"]),
        (results(low=0.0), ["better"]),
        (results(low=-0.1), ["better"]),
        (results(slices=[(20, -0.021), (500, 0.3)]), ["slices"]),
        (results(slices=[(20, -0.02)]), []),
        (results(slices=[(19, -0.9)]), []),
        (results(error=0.051), ["calibration"]),
        (carved(20, -0.021), ["carvings"]),
        (carved(20, -0.02), []),
        (carved(19, -0.9), []),
        (
            results(queries=1, low=-1, slices=[(50, -1)], error=1),
            ["queries", "better", "slices", "calibration"],
        ),
    ],
)
def test_a_gate_is_closed_where_it_should_be(results, wanted):
    assert closed(results) == wanted
