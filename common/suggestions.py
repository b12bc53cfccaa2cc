"""What the search, its measurements and the pages have to agree on."""

SUGGESTIONS = 5
"""Items that are suggested for a query."""
ONE_PERSON = 0.7
"""How far one person's answer is believed as an exemplar, beside that of a reviewer, or of two who agree."""
SHARED = 0.5
"""How much of it other blocks of the character get, where nobody said how block and print are related."""
