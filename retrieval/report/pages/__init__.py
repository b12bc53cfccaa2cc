"""How well whole pages are read: `python -m retrieval pages`, `page-matches` and `alignment`."""
