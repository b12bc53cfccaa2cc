"""How often the very carving comes first: `python -m retrieval carvings`."""
