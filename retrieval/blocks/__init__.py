"""Whole blocks: the printing face out of a scan, and every character on it."""
