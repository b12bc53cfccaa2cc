"""Texts and boxes of a document, in and out."""
