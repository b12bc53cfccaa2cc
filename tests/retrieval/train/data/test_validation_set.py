"""What the validation set may show."""

import pytest

from retrieval.data.characters import held_out
from retrieval.synth.failures import Failure
from retrieval.train.data.validation_set import ValidationSet
from tests.retrieval.train.drawn import drawn_crops, drawn_glyphs


@pytest.fixture(scope="module")
def validation() -> ValidationSet:
    """Made-up characters, three of the held-out typeface's kind."""
    return ValidationSet.draw(drawn_glyphs(range(0x4E01, 0x4E31)), drawn_crops(), seed=1, characters=6)


def test_kinds_are_what_they_say(validation: ValidationSet) -> None:
    """New characters are held-out ones, known ones are not, and every query's character is in the gallery."""
    assert set(validation.kinds) == {"new characters", "new typefaces", "real crops", *Failure}
    assert all(map(held_out, validation.kinds["new characters"].codepoints.tolist()))
    assert not any(map(held_out, validation.kinds["new typefaces"].codepoints.tolist()))
    for queries in validation.kinds.values():
        assert len(queries.pictures) == len(queries.codepoints) > 0
        assert set(queries.codepoints.tolist()) <= set(validation.codepoints.tolist())
    assert all(height.shape == (96, 96) for height in validation.heights)
