"""The constants of the second stage, fitted on drawn hands by ``python -m retrieval second-stage``."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from common.publish import write_aside

SHIPPED = Path(__file__).parent.parent / "weights" / "second-stage.json"


@dataclass(frozen=True)
class Calibration:
    """What decides what is proposed, and when the second stage steps back.

    Args:
        relation: five weights of a logistic: of a constant, whether there are rivals, how many times more
            of the print's edges the next one leaves unexplained (a logarithm), how many the best does
            (likewise), and the correlation of inks.
        same: least probability at which "same carving" is proposed. other: most at which another block is.
        least_score: a best fit below this is no fit.
        alike: items whose vectors are nearer count as of one character, where nobody says what they are.
    """

    relation: tuple[float, ...]
    same: float
    other: float
    least_score: float
    alike: float

    def save(self, path: Path) -> None:
        """Write them; the file appears whole or not at all."""
        with write_aside(path) as aside:
            aside.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Calibration":
        """Read what ``save`` wrote."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**stored, "relation": tuple(stored["relation"])})


@cache
def shipped_calibration() -> Calibration:
    """Those that come with this version, read once."""
    return Calibration.load(SHIPPED)
