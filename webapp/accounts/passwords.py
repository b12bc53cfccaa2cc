"""Passwords that are made for people."""

import secrets
import string

# Letters and digits that cannot be mistaken for each other.
_READABLE = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("l1o0i")))


def made_password() -> str:
    """Three groups of five letters and digits: 74 bits, easy to read out and to type."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(3))
