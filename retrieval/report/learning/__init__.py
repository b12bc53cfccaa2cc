"""What answers bring at once: `python -m retrieval learning`."""
