"""Whether a picture looks like a whole page or like one character, by its size alone."""

_SHORT_SIDE = 400
_LONG_SIDE = 500


def looks_like_page(width: int, height: int) -> bool:
    """Whether a picture is larger both ways than one character is usually cut out or photographed.

    It says what to ask a person, never what to do: a large photograph of one character looks so, too.
    """
    return min(width, height) >= _SHORT_SIDE and max(width, height) >= _LONG_SIDE
