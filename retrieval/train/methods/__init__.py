"""Methods trained alike, so that they can be compared: `python -m retrieval compare`."""
