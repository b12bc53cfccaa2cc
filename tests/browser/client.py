"""A small HTTP client, as somebody else's program would be: it knows addresses and JSON, none of our code."""

import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Answer:
    """status, headers (names in lower case) and body of an HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Asks one installation's API with one token, over one kept connection."""

    def __init__(self, url: str, token: str = "", *, timeout: float = 60) -> None:
        self.url, self.token = url.rstrip("/"), token
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        """Send one request; ``path`` begins with / or is a whole address of this installation."""
        path = path.removeprefix(self.url)
        headers = {"Authorization": f"Token {self.token}"} if self.token else {}
        if kind:
            headers["Content-Type"] = kind
        try:
            return self._ask(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            self._connection.close()  # the server had let go of the idle connection
            return self._ask(method, path, body, headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, values: dict) -> Answer:
        return self.ask("POST", path, json.dumps(values).encode(), "application/json")

    def send(
        self, path: str, files: Iterable[tuple[str, bytes]], values: dict[str, str] | None = None
    ) -> Answer:
        """POST files as a form does, each in the field ``files``."""
        body, kind = multipart(files, values or {})
        return self.ask("POST", path, body, kind)

    def all(self, path: str) -> list[dict]:
        """Every result of a paged list."""
        found = []
        while path:
            page = self.get(path).json
            found += page["results"]
            path = page["next"]
        return found


def multipart(files: Iterable[tuple[str, bytes]], values: dict[str, str]) -> tuple[bytes, str]:
    """A form's body and its content type."""
    line = secrets.token_hex(16)
    parts = []
    for name, value in values.items():
        parts += [f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()]
    for name, content in files:
        result = name.replace("\\", "\\\\").replace('"', "%22")
        head = f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="{result}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, b"\r\n"]
    return b"".join([*parts, f"--{line}--\r\n".encode()]), f"multipart/form-data; boundary={line}"


def until(true: Callable[[], object], *, within: float = 60, every: float = 0.1, what: str = ""):
    """Wait until ``true()`` is, and give back what it said.

    Raises:
        TimeoutError: it was not within so many seconds.
    """
    deadline = time.monotonic() + within
    while not (answer := true()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within:.0f} s: {what or true}")
        time.sleep(every)
    return answer


def quoted(text: str) -> str:
    """``text`` for a query string."""
    return quote(text, safe="")
