"""What is seen from outside while things go wrong: /readyz every second, and when each acknowledged request had a person
responsible."""

import json
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

import psycopg2

from bench.drill.book import Book, Told
from bench.drill.scene import Scene

EVERY = 1.0
LOOK_FOR_ROUTES_EVERY = 0.25
READY_WITHIN = 4.0


@dataclass(frozen=True)
class Reading:
    """One look at /readyz."""

    at: float
    is_ready: bool
    wrong: tuple[str, ...] = ()
    """The checks that it names, or what kind of answer it was."""


@dataclass(frozen=True)
class Route:
    """A request was seen to have a person responsible."""

    told: Told
    at: float


class Watch:
    """Two threads until `stop`."""

    def __init__(self, scene: Scene, book: Book) -> None:
        self.readings: list[Reading] = []
        self.routes: list[Route] = []
        self.waiting: dict[str, Told] = {}
        """Acknowledged, and nobody responsible seen yet."""
        self._scene, self._book, self._seen = scene, book, 0
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._look)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(10)

    def has_seen_all_routed(self) -> bool:
        return self._seen == len(self._book.told) and not self.waiting

    def _read(self) -> None:
        while not self._is_over.wait(EVERY):
            self.readings.append(ask(self._scene.portal.port))

    def _look(self) -> None:
        """Over one connection, kept as long as it lasts."""
        connection: Any = None
        while not self._is_over.wait(LOOK_FOR_ROUTES_EVERY):
            self._take_in()
            try:
                connection = connection or self._scene.connect()
                self._see(connection)
            except psycopg2.Error:
                connection = None

    def _take_in(self) -> None:
        told = self._book.told
        while self._seen < len(told):
            self.waiting[told[self._seen].number] = told[self._seen]
            self._seen += 1

    def _see(self, connection: Any) -> None:
        if not self.waiting:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number FROM cases_case WHERE number = ANY(%s) AND state <> 'submitted' AND holder_id IS NOT NULL",
                [list(self.waiting)],
            )
            at = time.monotonic()
            for (number,) in cursor.fetchall():
                self.routes.append(Route(self.waiting.pop(number), at))


def ask(port: int) -> Reading:
    at = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except (OSError, HTTPException):
        return Reading(at, False, ("no answer",))
    finally:
        connection.close()
    return Reading(at, True) if answer.status == 200 else Reading(at, False, _wrong(answer.status, text))


def _wrong(status: int, text: str) -> tuple[str, ...]:
    try:
        return tuple(name for name, check in json.loads(text)["checks"].items() if not check["ok"])
    except (ValueError, KeyError, TypeError):
        return (str(status),)
