"""The ways of matching that an evaluation can be asked for by name."""
