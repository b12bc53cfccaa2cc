"""What the web app, the library and the workers all need, made of the standard library alone.

It imports nothing of the house and nothing that has to be installed.
"""
