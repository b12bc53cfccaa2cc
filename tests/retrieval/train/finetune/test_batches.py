"""What a batch of fine-tuning holds."""

from retrieval.preprocess import Recipe
from retrieval.train.finetune.batches import PairBatches
from retrieval.train.finetune.training_pairs import TrainingPairs
from tests.retrieval.train.finetune.made import CONFIG


def test_batches_are_of_the_training_side_alone(pairs: TrainingPairs) -> None:
    """No batch holds a print or a block of the validation side, and each has its classes once."""
    seen_prints, seen_heights = set(), set()

    class Watched(PairBatches):
        def _print(self, place, *rest):
            seen_prints.add(int(place))
            return super()._print(place, *rest)

        def _height(self, place, *rest):
            seen_heights.add(int(place))
            return super()._height(place, *rest)

    batches = iter(Watched(pairs, CONFIG, Recipe(size=32)))
    for _ in range(20):
        inputs, labels = next(batches)
        assert inputs.shape == (12, 1, 32, 32)
        assert len(set(labels.tolist())) == 4
    assert not seen_prints & set(pairs.validation.prints.tolist())
    assert not seen_heights & set(pairs.validation.heights.tolist())
