"""The unit of a scan's numbers: by name, or by what size a block can have."""

from dataclasses import dataclass

from retrieval.errors import BadMesh

UNITS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "um": 0.001}
# Longer edges of printing blocks, in millimetres: from a seal of a few characters to a wall map.
_SMALLEST, _LARGEST = 25.0, 1500.0
_USUAL = (90.0, 900.0)


@dataclass(frozen=True)
class Unit:
    """name: of `UNITS`. millimetres: that it is. assumed: whether it was found by plausibility."""

    name: str
    millimetres: float
    assumed: bool


def unit_of(edge: float, *, name: str, unit: str | None = None) -> Unit:
    """The unit of a scan.

    edge: the longer edge of its face, in that unit.
    name: what messages call the scan.
    unit: a name of `UNITS`; None to find it.

    Raises:
        BadMesh: block_unit, where a block of that size cannot be.
    """
    if unit is not None:
        if not _SMALLEST <= edge * UNITS[unit] <= _LARGEST:
            raise _cannot_be(name, edge, unit)
        return Unit(unit, UNITS[unit], False)
    for low, high in (_USUAL, (_SMALLEST, _LARGEST)):
        for one in ("mm", "m", "cm", "um"):
            if low <= edge * UNITS[one] <= high:
                return Unit(one, UNITS[one], True)
    raise _cannot_be(name, edge, None)


def _cannot_be(name: str, edge: float, unit: str | None) -> BadMesh:
    what = f"{edge:,.4g} {unit}" if unit else f"{edge:,.4g} in the file's numbers, which fits no unit"
    return BadMesh(
        f"{name}: the face is {what} long, and blocks are {_SMALLEST:.0f} to {_LARGEST:,.0f} mm",
        hint=f"Name the unit of the file with --unit ({', '.join(UNITS)}), or scale it.",
        code="block_unit",
    )
