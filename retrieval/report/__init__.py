"""Measure a model in full, and write its page."""
