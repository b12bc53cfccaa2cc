"""What can go wrong, in the server's own words: what happened, what to do, and whether trying again helps."""

from __future__ import annotations

from typing import Any


class MocbanError(Exception):
    """The server refused, or could not be asked.

    code: a word for programs, such as "gate_closed". hint: what to do. retryable: whether the same again may
    go well. status: of the HTTP answer, 0 without one. body: the answer's JSON, where it was some.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "error",
        hint: str = "",
        retryable: bool = False,
        status: int = 0,
        body: Any = None,
    ) -> None:
        super().__init__(message)
        self.code, self.hint, self.retryable = code, hint, retryable
        self.status, self.body = status, body

    def __str__(self) -> str:
        return "; ".join(filter(None, [super().__str__(), self.hint]))


class Refused(MocbanError):
    """400: the request was understood, and cannot be followed."""


class NotAllowed(MocbanError):
    """401, 403: the token is none, or this is not its person's to do."""


class NotFound(MocbanError):
    """404: it is not there, or not for this person."""


class Conflict(MocbanError):
    """409: it changed meanwhile, or is not ready yet."""


class Unreachable(MocbanError):
    """The server could not be reached, or the connection broke off, as often as it was tried."""


class Failed(MocbanError):
    """What was waited for came to nothing, and why."""


class TimedOut(MocbanError):
    """What was waited for was not there in time. It may still come."""


class Damaged(MocbanError):
    """A file did not arrive as it left: its size or hash is another."""


_BY_STATUS = {400: Refused, 401: NotAllowed, 403: NotAllowed, 404: NotFound, 409: Conflict}
_CODES = {400: "invalid", 401: "not_authenticated", 403: "forbidden", 404: "not_found", 429: "too_often"}


def error_of(status: int, body: Any) -> MocbanError:
    """The error that an answer tells."""
    content = body if isinstance(body, dict) else {}
    kind = _BY_STATUS.get(status, MocbanError)
    if "error" in content and "code" in content:
        return kind(
            str(content["error"]),
            code=str(content["code"]),
            hint=str(content.get("hint", "")),
            retryable=bool(content.get("retryable", False)),
            status=status,
            body=body,
        )
    words = content.get("detail") or _fields(content) or f"the server answered {status}"
    code = _CODES.get(status, "error")
    return kind(str(words), code=code, retryable=status >= 500 or status == 429, status=status, body=body)


def _fields(content: dict[str, Any]) -> str:
    """What is wrong with each field, in one line."""
    return "; ".join(
        f"{name}: {' '.join(map(str, words)) if isinstance(words, list) else words}"
        for name, words in content.items()
    )
