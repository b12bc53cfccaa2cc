"""Whole pages: from scan to suggestions, and the page view in a browser."""
