"""Which block printed a page: votes, a page laid over a face, inks that meet, and the parts of a spread."""
