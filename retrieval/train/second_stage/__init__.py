"""Fitting the constants of the second stage: registration, and what is proposed by it."""
