"""Every export format there is: a module of this folder declares one, as ``FORMAT``; and the box formats."""

from importlib import import_module
from pkgutil import iter_modules

from webapp.datasets.exports.format import Format
from webapp.datasets.exports.page_formats import page_formats


def _declared() -> list[Format]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return sorted((module.FORMAT for module in modules), key=lambda format: (format.place, format.name))


FORMATS: dict[str, Format] = {format.name: format for format in _declared()}
"""By their names, in the order in which people see them."""

ALL_FORMATS: dict[str, Format] = FORMATS | {format.name: format for format in page_formats()}
"""Those of labels, and those of a document's pages after them."""

CHOICES = [(format.name, format.label) for format in ALL_FORMATS.values()]
"""As forms and the API want them."""


def formats_of(source: str) -> list[Format]:
    """Those that can be written from ``source``: "batch", "snapshot" or "document"."""
    return [format for format in ALL_FORMATS.values() if source in format.sources]
