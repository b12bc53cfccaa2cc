"""What a method is trained by, and the schedule that all methods share."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from common.errors import BadInput
from retrieval.models import Shape
from retrieval.train.data.drawn_inputs import SOURCES
from retrieval.train.runtime.settings import LoopSettings

_NO_MATTER = {"name", "keep_every", "report_every", "threads", "workers"}
"""Settings that the trained weights do not depend on."""


@dataclass(frozen=True, kw_only=True)
class MethodSchedule(LoopSettings):
    """The same for all methods of a comparison. What every training has to say is in ``LoopSettings``.

    pairs: of a print and a height map, in a batch.
    real: share of the prints that are real crops, where the class has such.
    rendered: share of the height maps that went through a mesh, where the class has such.
    """

    name: str = "methods"
    images: int = 120_000
    smoothing: float = 0.99
    pairs: int = 64
    real: float = 0.75
    rendered: float = 0.5


@dataclass(frozen=True)
class MethodConfig:
    """One method to be trained.

    name: its files are called by it.
    objective: what teaches, see ``retrieval.train.objectives``.
    each: prints, and height maps, of a character in a batch.
    sources: what it learns from beside drawn prints and reliefs: "crops", "rendered".
    options: of the objective.
    """

    name: str
    objective: str
    each: int = 1
    sources: tuple[str, ...] = tuple(SOURCES)
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.sources) - set(SOURCES))
        if unknown:
            raise BadInput(
                f"{self.name} has unknown sources: {', '.join(unknown)}", hint=f"known: {', '.join(SOURCES)}"
            )

    def file_stem(self, schedule: MethodSchedule, shape: Shape, classes: int) -> str:
        """The name, and eight hex digits of all that the trained weights depend on but the inputs.

        classes: how many characters there are to learn.
        """
        settings = asdict(schedule).items()
        facts = {
            **{key: value for key, value in asdict(self).items() if key != "name"},
            "schedule": {key: value for key, value in settings if key not in _NO_MATTER},
            "shape": shape.to_dict(),
            "classes": classes,
        }
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        return f"{self.name}-{digest[:8]}"
