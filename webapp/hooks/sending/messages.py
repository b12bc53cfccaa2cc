"""The message that tells a receiver of an event."""

import json

from webapp.hooks.models import Event
from webapp.hooks.sending.signing import signature

_AGENT = "Mocban-Webhooks/1"


def message_body(event: Event) -> bytes:
    """The very same bytes at every attempt."""
    message = {"type": event.kind, "timestamp": event.created.isoformat(), "data": event.data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def message_headers(event: Event, *, salts: list[str], body: bytes, timestamp: int) -> dict[str, str]:
    """salts: of the secrets that sign. timestamp: of the attempt, in seconds since 1970."""
    return {
        "User-Agent": _AGENT,
        "webhook-id": event.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(salts, message=event.message_id, timestamp=timestamp, body=body),
    }
