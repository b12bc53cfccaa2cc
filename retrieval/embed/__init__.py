"""Vectors for prints and height maps, and what their distances are worth."""

from retrieval.embed.embedder import Embedder

__all__ = ["Embedder"]
