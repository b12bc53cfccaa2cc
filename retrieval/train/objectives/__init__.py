"""What a network can be taught by, each by its name: for the comparison of methods, and for fine-tuning.

A new one is a module here, a line in ``_MAKERS``, and its name for people in ``common.objectives``.
"""

from collections.abc import Callable, Mapping
from functools import partial

from common.errors import BadInput
from retrieval.models import Shape
from retrieval.train.objectives.base import BatchOutput, Objective
from retrieval.train.objectives.classifier import SoftmaxObjective
from retrieval.train.objectives.contrast import ContrastObjective
from retrieval.train.objectives.decoder import DecoderObjective
from retrieval.train.objectives.margin import MarginObjective
from retrieval.train.objectives.pairs import PairObjective, contrastive_loss, recall_loss, triplet_loss

__all__ = ["OBJECTIVES", "BatchOutput", "Objective", "make_objective"]

_MAKERS: dict[str, Callable[..., Objective]] = {
    "contrast": ContrastObjective,
    "margin": MarginObjective,
    "softmax": SoftmaxObjective,
    "ml-decoder": DecoderObjective,
    "contrastive": partial(PairObjective, contrastive_loss),
    "triplet": partial(PairObjective, triplet_loss),
    "recall": partial(PairObjective, recall_loss),
}
OBJECTIVES = tuple(_MAKERS)


def make_objective(name: str, classes: int, shape: Shape, options: Mapping[str, object]) -> Objective:
    """An objective by its name, with its own parameters drawn from torch's random state.

    name: one of ``OBJECTIVES``.
    classes: how many there are.
    shape: of the network.
    options: of the objective, by name.

    Raises:
        BadInput: a name or an option is unknown.
    """
    if name not in _MAKERS:
        raise BadInput(f"there is no objective {name!r}", hint=f"choose one of {', '.join(OBJECTIVES)}")
    try:
        return _MAKERS[name](classes, shape, **options)
    except TypeError as problem:
        raise BadInput(f"the objective {name} cannot be made: {problem}") from problem
