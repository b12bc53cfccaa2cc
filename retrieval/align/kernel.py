"""The dynamic programme: a Viterbi path with affine gaps, in a band."""

import numpy as np

from retrieval.compiled import compiled

PAIR, BOX, TEXT = 0, 1, 2
"""A box with its character; a box alone; a character alone."""
_NEVER = np.float32(-1e30)


def best_path(
    pairs: np.ndarray,
    codes: np.ndarray,
    begins: tuple[np.ndarray, np.ndarray],
    costs: np.ndarray,
    low: np.ndarray,
) -> np.ndarray:
    """The best way through boxes and characters.

    Args:
        pairs: (N, U) float32, what a box and each of U characters cost.
        codes: (M,) int64 in [0, U), the text.
        begins: (N,) and (M,) bool: boxes that begin a column, characters that begin a line.
        costs: (8,) float32, the fields of ``Costs`` in their order; its first two are not used.
        low: (N + 1, 2) int64: for each row, the first and the last column that the path may go to; neither
            ever falls, the first row begins at 0 and the last ends at M.

    Returns:
        (N,) int64: the character of each box, -1 for none.
    """
    widest = int((low[:, 1] - low[:, 0]).max()) + 1
    steps = np.zeros((len(pairs) + 1, widest), np.uint8)
    end = _forward(pairs, codes, *begins, costs, low, steps)
    found = np.full(len(pairs), -1, np.int64)
    _back(steps, low, len(codes), end, found)
    return found


@compiled
def _forward(pairs, codes, columns, lines, costs, low, steps):
    """Fill ``steps``: for each cell, two bits a state, the state that its best way comes from.

    Returns the state at the end.
    Row i: i boxes are used up; column j: j characters are.
    """
    boxes, length = pairs.shape[0], codes.shape[0]
    open_box, more_box, open_text, more_text = costs[2], costs[3], costs[4], costs[5]
    outside, line = costs[6], costs[7]
    widest = steps.shape[1]
    above = np.full((widest, 3), _NEVER, np.float32)
    here = np.full((widest, 3), _NEVER, np.float32)
    for row in range(boxes + 1):
        first, last = low[row, 0], low[row, 1]
        shift = first - low[row - 1, 0] if row else 0
        reach = low[row - 1, 1] - low[row - 1, 0] if row else -1
        inside = row > 0 and row < boxes
        opened = open_text if inside else outside
        more = more_text if inside else outside
        for column in range(first, last + 1):
            at = column - first
            step = 0
            pair = box = text = _NEVER
            if row == 0 and column == 0:
                pair = np.float32(0)
            if row > 0 and column > 0 and 0 <= at + shift - 1 <= reach:
                source, best = _best(above[at + shift - 1])
                worth = pairs[row - 1, codes[column - 1]]
                if columns[row - 1] and lines[column - 1]:
                    worth += line
                elif columns[row - 1] or lines[column - 1]:
                    worth -= line / 2
                pair = best + worth
                step |= source
            if row > 0 and 0 <= at + shift <= reach:
                source, box = _cheapest(above[at + shift], open_box, more_box, open_box)
                step |= source << 2
            if at > 0:
                source, text = _cheapest(here[at - 1], opened, opened, more)
                step |= source << 4
            here[at, 0], here[at, 1], here[at, 2] = pair, box, text
            steps[row, at] = step
        above, here = here, above
    state, _ = _best(above[length - low[boxes, 0]])
    return state


@compiled
def _cheapest(states, from_pair, from_box, from_text):
    source, best = 0, states[0] + from_pair
    if states[1] + from_box > best:
        source, best = 1, states[1] + from_box
    if states[2] + from_text > best:
        source, best = 2, states[2] + from_text
    return source, best


@compiled
def _best(states):
    source, best = 0, states[0]
    for other in (1, 2):
        if states[other] > best:
            source, best = other, states[other]
    return source, best


@compiled
def _back(steps, low, length, state, found):
    row, column = found.shape[0], length
    while row > 0 or column > 0:
        step = steps[row, column - low[row, 0]]
        source = (step >> (2 * state)) & 3
        if state == 0:
            row -= 1
            column -= 1
            found[row] = column
        elif state == 1:
            row -= 1
        else:
            column -= 1
        state = source
