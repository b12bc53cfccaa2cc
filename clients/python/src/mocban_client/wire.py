"""HTTP with one server: its token is sent to nobody else, and what may be sent twice is, until it arrives."""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from mocban_client.errors import MocbanError, Unreachable, error_of

_AGAIN = {429, 502, 503, 504}
_LONGEST_WAIT = 60.0
_AGENT = "mocban-client/0.1"


@dataclass(frozen=True)
class Body:
    """What is sent. parts: makes it anew for each try. length: bytes. kind: its content type."""

    parts: Callable[[], Iterable[bytes]]
    length: int
    kind: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: the token would go along with it."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Wire:
    """Asks one server. tries: how often what may be sent twice is. wait: seconds after the first time."""

    def __init__(self, url: str, token: str, *, timeout: float, tries: int, wait: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise MocbanError(
                f"{url!r} is no address", code="bad_address", hint="as https://mocban.example.org"
            )
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._root = parts.path.rstrip("/")
        self._token, self._timeout, self._tries, self._wait = token, timeout, tries, wait
        self._opener = urllib.request.build_opener(_NoRedirects)

    def get(self, path: str, **words: Any) -> Any:
        """The JSON at ``path``; words: of its query, those that are None left out."""
        known = {name: value for name, value in words.items() if value is not None}
        return self.ask("GET", f"{path}?{urlencode(known)}" if known else path, again=True)

    def post(self, path: str, values: dict[str, Any] | None = None, *, again: bool = False) -> Any:
        """POST JSON. again: whether it does no harm when sent twice."""
        return self.ask("POST", path, json_body(values or {}), again=again)

    def ask(self, method: str, path: str, body: Body | None = None, *, again: bool = False) -> Any:
        """Send a request, and read its answer's JSON; None where it has none.

        Raises:
            MocbanError: the server refused, or could not be reached.
        """
        with self.open(method, path, body, again=again) as answer:
            read = answer.read()
        return json.loads(read) if read else None

    def open(self, method: str, path: str, body: Body | None = None, *, again: bool = False) -> Any:
        """As ``ask``, but the answer is not read yet."""
        for attempt in range(1, self._tries + 1):
            try:
                return self._opener.open(self._request(method, path, body), timeout=self._timeout)
            except urllib.error.HTTPError as problem:
                with problem:
                    error, retry_after = _refusal(problem), problem.headers.get("Retry-After", "")
                if not (again and problem.code in _AGAIN) or attempt == self._tries:
                    raise error from None
                pause = float(retry_after) if retry_after.isdigit() else 0.0
            except (OSError, http.client.HTTPException) as problem:
                if not (again or _never_left(problem)) or attempt == self._tries:
                    raise Unreachable(
                        f"{self._base} cannot be reached: {_reason(problem)}",
                        code="unreachable",
                        hint="" if again else "what was asked may have been done: look before you ask again",
                        retryable=True,
                    ) from problem
                pause = 0.0
            own = self._wait * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
            time.sleep(min(max(own, pause), _LONGEST_WAIT))
        raise AssertionError("unreachable")

    def _request(self, method: str, path: str, body: Body | None) -> urllib.request.Request:
        headers = {"Accept": "application/json", "User-Agent": _AGENT}
        if self._token:
            headers["Authorization"] = f"Token {self._token}"
        if body is not None:
            headers |= {"Content-Type": body.kind, "Content-Length": str(body.length)}
        data = body.parts() if body is not None else None
        # The scheme was checked when the address was given.
        return urllib.request.Request(self._address(path), data, headers, method=method)  # noqa: S310

    def _address(self, path: str) -> str:
        """An address of this server, whatever host an answer named."""
        parts = urlsplit(path)
        local = parts.path.removeprefix(self._root) if parts.netloc else parts.path
        return self._base + local + (f"?{parts.query}" if parts.query else "")


def json_body(values: dict[str, Any]) -> Body:
    encoded = json.dumps(values).encode()
    return Body(lambda: [encoded], len(encoded), "application/json")


def _refusal(problem: urllib.error.HTTPError) -> MocbanError:
    try:
        body = json.loads(problem.read())
    except (ValueError, OSError, http.client.HTTPException):
        body = None
    return error_of(problem.code, body)


def _reason(problem: Exception) -> object:
    return getattr(problem, "reason", None) or problem


def _never_left(problem: Exception) -> bool:
    """Whether nobody can have heard the request."""
    return isinstance(_reason(problem), ConnectionRefusedError)
