"""Searching among a great many vectors."""
