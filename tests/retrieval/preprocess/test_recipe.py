"""Recipes: told apart by their fingerprints, refused when they are another's."""

import pytest

from retrieval.errors import BadModel
from retrieval.preprocess import Recipe


def test_fingerprint_follows_every_field() -> None:
    """Two recipes share a fingerprint only when all is equal."""
    assert Recipe().fingerprint == Recipe().fingerprint
    assert len({Recipe().fingerprint, Recipe(size=96).fingerprint, Recipe(trim=0.1).fingerprint}) == 3


def test_written_recipe_comes_back() -> None:
    """What a weights file holds is what was used."""
    assert Recipe.from_dict(Recipe(size=48).to_dict()) == Recipe(size=48)


@pytest.mark.parametrize("change", [{"version": 99}, {"sharpness": 1}])
def test_another_recipe_is_refused(change: dict) -> None:
    """Another version, or a field this version does not know, is a BadModel."""
    with pytest.raises(BadModel) as caught:
        Recipe.from_dict(Recipe().to_dict() | change)
    assert caught.value.hint


def test_missing_field_is_refused() -> None:
    """A recipe with a hole in it is not filled with today's default."""
    fields = Recipe().to_dict()
    del fields["trim"]
    with pytest.raises(BadModel):
        Recipe.from_dict(fields)
