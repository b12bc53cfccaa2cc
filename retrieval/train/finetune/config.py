"""What a run of fine-tuning is made of, by name: one TOML file a recipe in ``recipes``."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from common.objectives import USUAL
from retrieval.train.runtime.settings import LoopSettings, make_options, read_toml

RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True, kw_only=True)
class FineTuneConfig(LoopSettings):
    """One recipe. What every training has to say is in ``LoopSettings``; ``FineTuneLearner`` has the losses.

    epochs: the run ends when every pair was seen so often, if that comes sooner than ``images``: a few
        hundred labels would be learned by heart, and the rest forgotten.
    classes: in a batch, each as a print and as a height map.
    unlabelled: inputs in a batch of which nothing is known but what the old network makes of them.
    objective: what the pairs are taught by, see ``retrieval.train.objectives``.
    options, weight: of the objective.
    characters: weight of the margin softmax towards the learned characters; margin: of that, in cosine.
    distillation: weight of the distance from the old network's vectors.
    handedness: weight of the distance from what the old network says of mirrored maps.
    validations: how often the validation side is scored.
    drawn_characters: whether drawn characters are scored as well, at the end, where their typefaces are.
    """

    rate: float = 3e-4
    decay: float = 0.01
    smoothing: float = 0.99
    clip: float = 1.0
    keep_every: float = 30.0
    report_every: int = 10
    epochs: int = 8
    classes: int = 32
    unlabelled: int = 48
    objective: str = USUAL
    options: Mapping[str, object] = field(default_factory=dict)
    weight: float = 1.0
    characters: float = 0.5
    margin: float = 0.1
    distillation: float = 20.0
    handedness: float = 0.05
    validations: int = 12
    drawn_characters: bool = True

    def taught_by(self, objective: str) -> "FineTuneConfig":
        """The same with another objective, and a name that says so, which keeps their checkpoints apart."""
        if objective == self.objective:
            return self
        return dataclasses.replace(self, name=f"{self.name}-{objective}", objective=objective, options={})


def load_recipe(name: str) -> FineTuneConfig:
    """The recipe of that name in ``RECIPES``, or in the TOML file at that path.

    Raises:
        BadInput: there is none, or it has unknown entries.
    """
    return make_options(FineTuneConfig, read_toml(name, RECIPES, what="recipe"), where=name)
