"""People and programs at work on an installation, all at once, and how long each of their requests took."""

import http.client
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from bench.running import session_cookie
from tests import pictures
from tests.browser.client import quoted
from tests.browser.stack import Stack

_PAUSE, _GLANCE = 0.05, 0.05  # seconds between two requests of a worker, and between two looks for an answer
_PATIENCE = 60.0
ANSWERED = "upload to suggestions"
_TYPED = ("r85", "thủy", "000123", "木 3")


@dataclass(frozen=True)
class TimedRequest:
    """One request, or one picture from its upload to its suggestions. began, took: seconds. fault: why it was
    lost, empty where it was not.
    """

    what: str
    began: float
    took: float
    fault: str = ""

    @property
    def ended(self) -> float:
        return self.began + self.took


@dataclass
class LoadLog:
    """What all of them noted.

    cards: looked at. mixed: of two releases. changed: answers that were asked for again, since the card had
    new suggestions. releases: when a release was first seen to answer. stopped: why somebody could not go on.
    """

    requests: list[TimedRequest] = field(default_factory=list)
    cards: int = 0
    mixed: int = 0
    changed: int = 0
    releases: dict[int, float] = field(default_factory=dict)
    stopped: str = ""

    def card(self, signs: list) -> None:
        """A card's suggestions, each by what tells its release."""
        self.cards += 1
        self.mixed += len(set(signs)) > 1

    def answered_by(self, releases: list[int]) -> None:
        """A new picture was answered by these."""
        for release in set(releases):
            self.releases.setdefault(release, time.monotonic())


class Load:
    """Two annotators, somebody who uploads, and somebody who searches, until it is left."""

    def __init__(self, stack: Stack, batch: int) -> None:
        self.log, self._stack, self._batch = LoadLog(), stack, batch
        self._over = threading.Event()
        hands = (self._review, self._review, self._upload, self._search)
        self._threads = [threading.Thread(target=self._work, args=(hand,), daemon=True) for hand in hands]

    def __enter__(self) -> LoadLog:
        for thread in self._threads:
            thread.start()
        return self.log

    def __exit__(self, *_) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(_PATIENCE)

    def _work(self, hand: Callable) -> None:
        try:
            steps = hand()
            while not self._over.wait(_PAUSE):
                next(steps)
        except Exception as error:  # noqa: BLE001 - a hand that stops working is noted, whatever stopped it
            self.log.stopped = f"{hand.__name__}: {error!r}"

    def _timed(self, what: str, fine: tuple[int, ...], ask: Callable, *words) -> tuple[int, bytes]:
        """Ask, and write down what came. Returns status and body; (0, b"") where nothing came."""
        began = time.monotonic()
        try:
            status, body = ask(*words)
            fault = "" if status in fine else f"status {status}: {body[:200]!r}"
        except (OSError, http.client.HTTPException) as error:
            status, body, fault = 0, b"", repr(error)
        self.log.requests.append(TimedRequest(what, began, time.monotonic() - began, fault))
        return status, body

    def _review(self) -> Iterator[None]:
        """Deal three cards, look at them, answer each, as the page does."""
        person = Person(self._stack)
        page = f"/batches/{self._batch}/review/"
        while True:
            words = {"order": "batch", "count": 3}
            status, body = self._timed("deal", (200,), person.post, f"{page}deal/", words)
            yield
            for card in json.loads(body)["cards"] if status == 200 else []:
                self._look(card)
                self._timed("card", (200,), person.get, f"{page}cards/?ids={card['id']}")
                yield
                self._answer(person, card)
                yield

    def _answer(self, person: "Person", card: dict) -> None:
        """Answer; where its suggestions are others by now, look at those and answer again."""
        for _ in range(3):
            first, key = card["suggestions"][0]["item"]["id"], str(uuid.uuid4())
            words = {"verdict": "match", "item": first, "version": card["version"], "client_key": key}
            status, body = self._timed("answer", (200, 409), person.post, card["answer"], words)
            if status != 409:
                return
            self.log.changed += 1
            card = json.loads(body)["card"]
            self._look(card)

    def _look(self, card: dict) -> None:
        self.log.card([row["mirrored"] for row in card["suggestions"]])

    def _upload(self) -> Iterator[None]:
        """One picture after the other, each until its suggestions can be read."""
        client = ApiClient(self._stack)
        for number in count():
            files = [("one.png", pictures.png(number % 500, style=9))]
            began = time.monotonic()
            status, body = self._timed("upload", (201,), client.send, files)
            if status == 201:
                yield from self._until_answered(client, json.loads(body)["id"], began)
            yield

    def _until_answered(self, client: "ApiClient", batch: int, began: float) -> Iterator[None]:
        while time.monotonic() - began < _PATIENCE:
            status, body = self._timed("query", (200,), client.get, f"/api/v1/queries/?batch={batch}")
            queries = json.loads(body)["results"] if status == 200 else []
            releases = [row["release"] for query in queries for row in query["suggestions"]]
            if len(releases) == 5:
                self.log.card(releases)
                self.log.answered_by(releases)
                self.log.requests.append(TimedRequest(ANSWERED, began, time.monotonic() - began))
                return
            time.sleep(_GLANCE)
            yield
        self.log.requests.append(TimedRequest(ANSWERED, began, _PATIENCE, "no suggestions"))

    def _search(self) -> Iterator[None]:
        """The gallery by what somebody may type, and an item's page."""
        person = Person(self._stack)
        for number in count(1):
            typed = quoted(_TYPED[number % len(_TYPED)])
            self._timed("gallery", (200,), person.get, f"/gallery/?search={typed}")
            yield
            self._timed("item", (200,), person.get, f"/gallery/{number}/")
            yield


class ApiClient:
    """A program with a token."""

    def __init__(self, stack: Stack) -> None:
        self._client = stack.client()

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        answer = self._client.get(path)
        return answer.status, answer.body

    def send(self, files: list[tuple[str, bytes]]) -> tuple[int, bytes]:
        """Make a batch of these pictures. Returns status and body."""
        answer = self._client.send("/api/v1/batches/", files, {"name": "one"})
        return answer.status, answer.body


class Person:
    """A logged-in browser without a window: one kept connection, a session, its token for forms."""

    def __init__(self, stack: Stack) -> None:
        self._cookie = session_cookie(stack)
        self._token = re.search(r"csrftoken=(\w+)", self._cookie)[1]
        self._connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=_PATIENCE)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, words: dict) -> tuple[int, bytes]:
        """Send JSON. Returns status and body."""
        return self._ask("POST", path, json.dumps(words).encode(), {"Content-Type": "application/json"})

    def press(self, path: str, form: str = "") -> tuple[int, bytes]:
        """Press a form's button. Returns status and body; 302 is what a button answers."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, form.encode(), kind)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict) -> tuple[int, bytes]:
        headers |= {"Cookie": self._cookie, "X-CSRFToken": self._token}
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()  # the server had let go of the idle connection, as it may at any time
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        return answer.status, answer.read()
