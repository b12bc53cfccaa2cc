"""Whole blocks: reading a scan, and which block printed a page."""
