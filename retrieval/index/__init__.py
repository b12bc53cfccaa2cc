"""Nearest neighbours among unit vectors: exact, approximate, merged, and one answer per item."""
