"""What is fitted on the validation side."""

import numpy as np

from retrieval.embed.confidence import calibration_error, confidence
from retrieval.train.finetune.validation import _fit


def test_few_answers_move_the_confidence_a_little() -> None:
    """By scale and height alone: an overconfident model is set right, a right one left as it is."""
    random = np.random.default_rng(0)
    near = np.sort(random.uniform(0.1, 0.9, (200, 5)), axis=1)
    old = [4.0, -12.0, 0.0, 0.0, 0.0]
    truth = random.random(near.shape) < confidence(near, old)
    kept = _fit(near, truth, old)
    assert np.allclose(kept, old, rtol=0.25, atol=0.5)
    wrong = [8.0, -12.0, 0.0, 0.0, 0.0]
    fitted = confidence(near, _fit(near, truth, wrong)).ravel()
    assert (
        calibration_error(fitted, truth.ravel())
        < 0.05
        < calibration_error(confidence(near, wrong).ravel(), truth.ravel())
    )
