"""Handedness from two kinds of evidence: what it adds up to, and what it is worth together."""

import numpy as np
import pytest

from retrieval.embed.handedness import fit_handedness, mirrored_evidence, mirrored_probability


def readable(count: int = 4000) -> np.ndarray:
    """Evidence of maps that are not mirrored: two independent measurements, each wrong now and then."""
    random = np.random.default_rng(0)
    return np.stack([random.normal(-2, 1.2, count), random.normal(-0.1, 0.08, count)], axis=1)


def test_a_map_and_its_mirror_image_add_up_to_one() -> None:
    """Whatever the coefficients are, and however far the evidence goes."""
    numbers = np.random.default_rng(1).normal(0, 8, (4, 50))
    one = mirrored_evidence(*numbers)
    other = mirrored_evidence(numbers[1], numbers[0], numbers[3], numbers[2])
    for coefficients in (None, [1.3], [0.9, 20.0]):
        both = mirrored_probability(one, coefficients) + mirrored_probability(other, coefficients)
        assert both == pytest.approx(1, abs=1e-6)


def test_one_coefficient_is_the_network_alone() -> None:
    """Weights calibrated before there was a second kind of evidence give what they gave."""
    evidence = np.array([[1.0, -5.0], [-2.0, 3.0]])
    assert mirrored_probability(evidence, [0.5]) == pytest.approx(1 / (1 + np.exp([-0.5, 1.0])))


def test_both_together_are_right_more_often_than_either() -> None:
    """Fitted on one half, judged on the other; and a probability of 0.9 is right nine times in ten."""
    evidence = readable()
    coefficients = fit_handedness(evidence[::2])
    judged = evidence[1::2]
    together = (mirrored_probability(judged, coefficients) < 0.5).mean()
    assert together > max((judged[:, 0] < 0).mean(), (judged[:, 1] < 0).mean()) + 0.01
    given = 1 - mirrored_probability(judged, coefficients)
    surer = np.maximum(given, 1 - given)
    assert surer.mean() == pytest.approx(together, abs=0.01)


def test_the_unit_of_the_evidence_does_not_matter() -> None:
    """A hundred times smaller, it gets coefficients a hundred times larger."""
    evidence = readable(500)
    small = fit_handedness(evidence * [1.0, 0.01])
    assert small == pytest.approx(fit_handedness(evidence) * np.array([1, 100]), rel=1e-3)


def test_evidence_never_speaks_against_itself() -> None:
    """A network that has it the wrong way round does not turn the answer over."""
    assert min(fit_handedness(-readable(200))) > 0
