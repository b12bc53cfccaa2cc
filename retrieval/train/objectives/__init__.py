"""The losses of the methods that are compared, each by its name."""

from retrieval.train.objectives.kinds import OBJECTIVES, Seen, make_objective

__all__ = ["OBJECTIVES", "Seen", "make_objective"]
