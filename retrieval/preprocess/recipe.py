"""The recipe that turns pictures and height maps into what the network sees."""

import hashlib
import json
from dataclasses import asdict, dataclass

from retrieval.errors import BadModel

# More would only take memory: the network sees no more than its own few pixels.
_MOST_SIZE = 1024


@dataclass(frozen=True)
class Recipe:
    """Everything a network's input depends on; it travels inside the weights file.

    size: side in pixels of the network's square input.
    version: raised whenever the code of this room changes what it returns.
    least_contrast: grey levels of 255 below which a print counts as blank paper.
    trim: share of the ink, at each side, that may fall outside the trimmed square.
    margin: share of the trimmed square's side that is added around it.
    """

    size: int = 64
    version: int = 1
    least_contrast: float = 16.0
    trim: float = 0.004
    margin: float = 0.06

    @property
    def fingerprint(self) -> str:
        """Hex digest of all fields: two recipes with the same one give the same inputs."""
        words = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def to_dict(self) -> dict:
        """The fields as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "Recipe":
        """The recipe written in a weights file.

        Raises:
            BadModel: a field is missing or unknown, or the version is not this code's.
        """
        try:
            recipe = cls(**fields)
        except TypeError as problem:
            raise BadModel(
                f"the weights carry another preprocessing recipe: {problem}",
                hint="use weights made by this version of Mocban, or train them again",
            ) from problem
        if set(fields) != set(asdict(recipe)) or recipe.version != cls.version:
            raise BadModel(
                f"the weights carry recipe {fields.get('version')}, this version has recipe {cls.version}",
                hint="use weights made by this version of Mocban, or train them again",
            )
        if not recipe.is_usable:
            raise BadModel(
                "the weights carry a preprocessing recipe that cannot be followed",
                hint="use weights made by this version of Mocban, or train them again",
            )
        return recipe

    @property
    def is_usable(self) -> bool:
        """Whether every field lies where a picture can be made by it."""
        whole = type(self.size) is int and 1 <= self.size <= _MOST_SIZE
        ranges = ((self.least_contrast, 0, 255), (self.trim, 0, 0.5), (self.margin, 0, 4))
        return whole and all(
            type(value) in (int, float) and low <= value <= high for value, low, high in ranges
        )
