"""Notes with a number in them, in good English for one as well."""


def left_out(count: int, thing: str, things: str, which: str = "") -> str:
    """That so many things of a file were left out.

    thing, things: what they are called, one and several. which: what tells them from the others.
    """
    named = f"1 {thing}" if count == 1 else f"{count:,} {things}"
    return f"{named}{which} {'was' if count == 1 else 'were'} left out."
