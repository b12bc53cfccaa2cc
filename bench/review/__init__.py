"""The review in a browser."""
