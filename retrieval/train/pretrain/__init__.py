"""Training a network from nothing on drawn characters: `python -m retrieval train`."""
