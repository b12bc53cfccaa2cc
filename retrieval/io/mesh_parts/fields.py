"""JSON that somebody else wrote: each field has the type that is asked for, or the file is refused."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrieval.errors import BadMesh


@dataclass(frozen=True)
class Fields:
    """An object of a JSON document. A field that is null counts as one that is not there.

    values: its fields. path: where it stands, for messages. refused: a refusal for a reason.
    """

    values: dict
    path: str
    refused: Callable[[str], BadMesh]

    def fault(self, key: str, wanted: str) -> BadMesh:
        """The refusal of a field that is not what it should be."""
        return self.refused(f"{self._at(key)} should be {wanted}")

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 2**53) -> int:
        """A whole number within bounds; without a default it must be there."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(
                key, "a whole number" if most == 2**53 else f"a whole number from {least} to {most}"
            )
        return value

    def has(self, key: str) -> bool:
        """Whether the field is there."""
        return self.values.get(key) is not None

    def word(self, key: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise self.fault(key, "a word")
        return default if value is None else value

    def switch(self, key: str) -> bool:
        """True or false; false where it is not there."""
        value = self.values.get(key)
        if value not in (None, True, False):
            raise self.fault(key, "true or false")
        return bool(value)

    def numbers(self, key: str, count: int) -> np.ndarray | None:
        """So many finite numbers, as float64; None where the field is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        fits = isinstance(value, list) and len(value) == count
        if not fits or not all(isinstance(one, int | float) and abs(one) < 1e300 for one in value):
            raise self.fault(key, f"a list of {count} numbers")
        return np.array(value, np.float64)

    def list_of(self, key: str, kind: type) -> list:
        """A list of values of one type; empty where the field is not there."""
        value = self.values.get(key)
        value = [] if value is None else value
        if not isinstance(value, list) or not all(type(one) is kind for one in value):
            raise self.fault(key, "a list of words" if kind is str else "a list of whole numbers")
        return value

    def inner(self, key: str) -> "Fields":
        """An object; without fields where it is not there."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.fault(key, "an object")
        return Fields(value or {}, self._at(key), self.refused)

    def items(self, key: str) -> list["Fields"]:
        """A list of objects; empty where it is not there."""
        value = self.values.get(key)
        value = [] if value is None else value
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fault(key, "a list of objects")
        return [Fields(one, f"{self._at(key)}[{i}]", self.refused) for i, one in enumerate(value)]

    def chosen(self, key: str, among: list["Fields"], what: str) -> "Fields":
        """The object of a list that the field names by its number."""
        return among[self.whole(key, most=len(among) - 1)] if among else self._none(key, what)

    def _none(self, key: str, what: str) -> "Fields":
        raise self.refused(f"{self._at(key)} names one of {what}, of which there are none")

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
