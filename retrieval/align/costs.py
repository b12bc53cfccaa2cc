"""What an alignment weighs: logarithms of probabilities, so that they add up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """Measured on pages whose text is known; see docs/pages.md.

    Args:
        floor: the least that a pair of box and character costs: prints are damaged, and texts have slips.
        unknown: a pair whose character nobody knows the looks of, or could not read.
        open_box, more_box: a box that the text has no character for, and each further one after it.
        open_text, more_text: a character that no box was found for, and each further one after it.
        outside: each character before the first box and after the last of a text that is far longer than its
            page; of others it is ``more_text``.
        line: gained where a column begins with a line; half of it is lost where only one of them begins.
    """

    floor: float = -5.0
    unknown: float = -2.5
    open_box: float = -7.0
    more_box: float = -4.0
    open_text: float = -6.0
    more_text: float = -1.5
    outside: float = -0.02
    line: float = 0.8


COSTS = Costs()
