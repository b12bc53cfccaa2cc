"""Prints and reliefs drawn from fonts, seeded, fast enough to draw while training."""
