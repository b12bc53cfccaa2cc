"""Passwords that are made for people, and what a new password ends."""

import secrets
import string

from webapp.accounts.services import account_unlock, tokens_withdraw

# Letters and digits that cannot be mistaken for each other.
_READABLE = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("l1o0i")))


def made_password() -> str:
    """Three groups of five letters and digits: 74 bits, easy to read out and to type."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(3))


class EndsOldAccess:
    """A password validator that refuses nothing: Django tells validators of every new password.

    By page, by ``manage.py changepassword`` or by code: the account's tokens end with the old password, and
    its failed log-ins are forgotten. (Django itself ends the other sessions.) Nothing ends when Django only
    hashes the same password anew.
    """

    def validate(self, password: str, user=None) -> None:
        """Every password will do."""

    def get_help_text(self) -> str:
        """Nothing that a person must heed."""
        return ""

    def password_changed(self, password: str, user=None) -> None:
        """End what the old password opened."""
        tokens_withdraw(user=user)
        account_unlock(user=user)
