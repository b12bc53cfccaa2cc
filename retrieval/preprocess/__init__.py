"""Pictures and height maps made into network inputs, by a recipe that travels with the weights."""

from retrieval.preprocess.heights import height_input
from retrieval.preprocess.prints import print_input
from retrieval.preprocess.recipe import Recipe

__all__ = ["Recipe", "height_input", "print_input"]
