"""The load: so many requests a second by signed-in residents, grid leaders acting meanwhile, all in threads."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import count

from PIL import Image

from bench.drill.book import Book
from bench.drill.browser import Attempt, Browser
from bench.drill.people import Door, Leader, Resident

HANDS = 12
"""Residents who are at it at the same time."""
LEADER_HANDS = 3
SECONDS_AN_ACT = 2.5
"""Between two acts of one leader hand."""
PHOTO_EVERY = 5
SIGN_IN_WITHIN = 600.0
SIGN_IN_HANDS = 4
"""Codes and passwords are hashed slowly on purpose: more at a time would wait longer."""
CATCH_UP = 2.0
"""Seconds of submissions that are made up for after a standstill; the rest is not filed at all."""
STOP_WITHIN = 60.0


@dataclass(frozen=True)
class Cast:
    """Who lives in the portal's demonstration."""

    residents: Sequence[str]
    """Phones; one of them files at most 20 requests in ten minutes."""
    leaders: Sequence[str]
    password: str
    doors: Sequence[Door]


class Load:
    def __init__(self, cast: Cast, book: Book, *, port: int, rate: float, seed: int = 18) -> None:
        self.cast, self.book, self.rate = cast, book, rate
        self.attempts: list[Attempt] = []
        self.is_over = threading.Event()
        self._numbers, self._chance = count(1), random.Random(seed)
        self._pace, self._next = threading.Lock(), time.monotonic()
        self._threads: list[threading.Thread] = []
        self._residents = [
            Resident(self._browser(port, n), phone, book, self.is_over) for n, phone in enumerate(cast.residents)
        ]
        self._leaders = [
            Leader(self._browser(port, len(cast.residents) + n), phone, book, self.is_over, cast.password)
            for n, phone in enumerate(cast.leaders)
        ]

    def _browser(self, port: int, number: int) -> Browser:
        return Browser(port, f"10.18.{number // 250}.{number % 250 + 1}", self.attempts.append)

    def sign_in(self) -> None:
        """Everybody, before the load begins."""
        with ThreadPoolExecutor(SIGN_IN_HANDS) as hands:
            until = time.monotonic() + SIGN_IN_WITHIN
            for entry in [hands.submit(person.sign_in, until) for person in [*self._residents, *self._leaders]]:
                entry.result()

    def start(self) -> None:
        self._next = time.monotonic()
        for hand in range(HANDS):
            self._run(self._file, self._residents[hand::HANDS])
        for hand in range(LEADER_HANDS):
            self._run(self._act, self._leaders[hand::LEADER_HANDS])

    def _run(self, work: Callable[..., None], people: Sequence[object]) -> None:
        if people:
            thread = threading.Thread(target=work, args=[people], daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """What is being filed is filed to its end."""
        self.is_over.set()
        until = time.monotonic() + STOP_WITHIN
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _file(self, residents: Sequence[Resident]) -> None:
        for turn in count():
            if self.is_over.wait(self._my_turn()):
                return
            with self._pace:
                number, door = next(self._numbers), self._chance.choice(self.cast.doors)
            photo = _photo(number) if number % PHOTO_EVERY == 0 else None
            residents[turn % len(residents)].file(f"{number:05d}", door, photo)

    def _my_turn(self) -> float:
        """Seconds until the next request is due; whoever takes it has taken it."""
        with self._pace:
            now = time.monotonic()
            self._next = max(self._next + 1 / self.rate, now - CATCH_UP)
            return max(0.0, self._next - now)

    def _act(self, leaders: Sequence[Leader]) -> None:
        for turn in count():
            if self.is_over.wait(SECONDS_AN_ACT):
                return
            leaders[turn % len(leaders)].act()


def _photo(number: int) -> bytes:
    """Each another picture, with some grain, as a phone's photo has."""
    chance = random.Random(number)
    grain = Image.frombytes("L", (160, 120), chance.randbytes(160 * 120)).resize((640, 480))
    content = BytesIO()
    Image.merge("RGB", (grain, grain, grain)).save(content, "JPEG", quality=70)
    return content.getvalue()
