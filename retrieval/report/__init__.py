"""Measure a model in full, and write the page that tells of it."""
