"""Secrets and signatures, as https://www.standardwebhooks.com has them.

A signing secret must be known to the worker that signs, so that a hash of it, as of a password, will not do.
It stands nowhere instead: it is made from the installation's own key (``MOCBAN_SECRET_KEY``) and a random
salt in the hook's row. Who reads the database alone, or a backup of it, can sign nothing.
"""

import base64
import hashlib
import hmac
import secrets

from django.utils.crypto import salted_hmac

PREFIX = "whsec_"
_PURPOSE = "mocban.hooks.signing"


def made_salt() -> str:
    """A salt that nobody had before."""
    return secrets.token_urlsafe(32)


def secret_of(salt: str) -> str:
    """The secret made with this salt, in the form that receivers are given: whsec_ and 32 bytes in base64."""
    return PREFIX + base64.b64encode(_key(salt)).decode()


def check_of(salt: str) -> str:
    """Tells whether the installation's key is the one with which the secret was made, and nothing else."""
    return hashlib.sha256(_key(salt)).hexdigest()[:16]


def signature(salts: list[str], *, message: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: one signature for each secret that holds now."""
    signed = f"{message}.{timestamp}.".encode() + body
    made = (hmac.new(_key(salt), signed, hashlib.sha256).digest() for salt in salts)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in made)


def _key(salt: str) -> bytes:
    return salted_hmac(_PURPOSE, salt, algorithm="sha256").digest()
