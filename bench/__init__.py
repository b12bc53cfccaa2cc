"""Measurements of the promises about speed and quality: ``python -m bench``. Nothing here is a test."""
