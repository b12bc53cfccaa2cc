"""Every box format there is: a module of this folder declares one, as ``BOX_FORMAT``."""

from importlib import import_module
from pkgutil import iter_modules

from webapp.pages.interchange.box_format import BoxFormat


def _declared() -> list[BoxFormat]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return sorted((module.BOX_FORMAT for module in modules), key=lambda format: (format.place, format.name))


BOX_FORMATS: dict[str, BoxFormat] = {format.name: format for format in _declared()}
"""By their names, in the order in which people see them."""


def format_of(data: bytes, name: str) -> BoxFormat | None:
    """The format that a file is in, by its content and its name; None for none that is read."""
    head = data[:_HEAD]
    return next((one for one in BOX_FORMATS.values() if one.read and one.is_one(head, name)), None)


_HEAD = 1 << 16
