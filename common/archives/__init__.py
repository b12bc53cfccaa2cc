"""Zips that strangers made, read without trusting them: nothing is ever unpacked to a path.

What must not be read is refused by name and reason, entry by entry, and the rest goes on. The web app's
uploads and the command line read zips by this alone.
"""
