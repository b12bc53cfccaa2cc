"""The sample that a new installation starts with: carved characters, and prints of some of them.

All of it is drawn here, from fonts and from the opening verses of the Tale of Kieu (Nguyen Du, about
1820, public domain), always from the same seed.
"""
