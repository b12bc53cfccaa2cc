"""For whoever receives webhooks: whether a message is from Mocban, by https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from mocban_client.errors import MocbanError

_PREFIX = "whsec_"


class BadSignature(MocbanError):
    """The message is not from there, was changed, or is too old: do not believe it."""


def verify(
    payload: bytes | str, headers: Mapping[str, str], secret: str, *, tolerance: float = 300
) -> dict[str, Any]:
    """The message, if it is signed with ``secret``: its type, timestamp and data.

    payload: the request's body as it came, not read and written anew. headers: of the request, in any case.
    tolerance: seconds that a message may be old, or its sender's clock ahead. The same message may come more
    than once: know it by its header webhook-id.

    Raises:
        BadSignature: a header is missing, the message is too old, or no signature is right.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    message, sent, signatures = (
        lowered.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
    )
    if not (message and sent and signatures):
        raise BadSignature("a header of the signature is missing", code="no_signature")
    if not (sent.isascii() and sent.isdigit()) or abs(time.time() - int(sent)) > tolerance:
        raise BadSignature("the message is too old, or a clock is wrong", code="too_old")
    body = payload.encode() if isinstance(payload, str) else payload
    right = hmac.new(_key(secret), f"{message}.{sent}.".encode() + body, hashlib.sha256).digest()
    if not any(hmac.compare_digest(right, one) for one in _signatures(signatures)):
        raise BadSignature("no signature of the message is right", code="bad_signature")
    return dict(json.loads(body))


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise BadSignature("the secret is none", code="bad_secret", hint="it begins with whsec_") from None


def _signatures(header: str) -> list[bytes]:
    found = []
    for word in header.split():
        version, _, signature = word.partition(",")
        try:
            if version == "v1":
                found.append(base64.b64decode(signature, validate=True))
        except binascii.Error:
            continue
    return found
