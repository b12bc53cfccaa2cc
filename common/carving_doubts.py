"""Notes of a mesh that nobody should pass over: what was read may not be what is carved."""

TWO_SIDES = "Two sides look carved: the one whose strokes stand out more is read."
MANY_CHARACTERS = "Many characters seem to be carved here: it was read as one."
NOTHING_CARVED = "Nothing carved was found: the surface was read as it is."

CARVING_DOUBTS = (TWO_SIDES, MANY_CHARACTERS, NOTHING_CARVED)
