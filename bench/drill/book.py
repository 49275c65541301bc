"""What the people of the drill were told, written to a file before they go on. The count at the end knows nothing else."""

import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Told:
    """A request was acknowledged: its number stood in the answer."""

    token: str
    """Written into the words of the request: the same in two cases means that one was doubled."""
    number: str
    photos: int
    """As many as the page before the last said it would send."""
    at: float
    """Monotonic seconds."""


@dataclass(frozen=True)
class Done:
    """A grid leader's act was acknowledged."""

    number: str
    verb: str
    at: float


class Book:
    def __init__(self, path: Path) -> None:
        self.told: list[Told] = []
        self.done: list[Done] = []
        self.odd: list[str] = []
        """Answers nobody should get: the words gone, a number twice, "too often"."""
        self.given_up: list[str] = []
        """Tokens of requests that were never acknowledged, however patient the person was."""
        self._file = path.open("w")
        self._lock = threading.Lock()

    def tell(self, token: str, number: str, photos: int) -> None:
        told = Told(token, number, photos, time.monotonic())
        self._write({"told": asdict(told)})
        self.told.append(told)

    def act(self, number: str, verb: str) -> None:
        done = Done(number, verb, time.monotonic())
        self._write({"done": asdict(done)})
        self.done.append(done)

    def wonder(self, words: str) -> None:
        self._write({"odd": words, "at": time.monotonic()})
        self.odd.append(words)

    def give_up(self, token: str, why: str) -> None:
        self._write({"given_up": token, "why": why})
        self.given_up.append(token)

    def _write(self, line: dict[str, object]) -> None:
        with self._lock:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        self._file.close()
