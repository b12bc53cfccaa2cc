"""What tests of this room share."""

from tests.webapp.datasets.imports.importing import batch, items, labelled, queries

__all__ = ["batch", "items", "labelled", "queries"]
