"""One fault after the other under load: inflict, watch until all is well again, help where the portal does not help itself."""

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from bench.drill.book import Book
from bench.drill.faults import Fault
from bench.drill.load import Load
from bench.drill.measure import SLOW, Outcome, Seen, Span, is_bad, outcome
from bench.drill.scene import NotPossible, Scene
from bench.drill.watch import Watch

SETTLE = 15.0
"""Seconds watched at least: who was waiting for an answer has it by then, or has given that try up, and a part that is
silent shows in /readyz."""
WARM = 5.0
LIMIT = 120.0
"""Seconds after the cause is gone; then a person has to come."""
RECENT = 3.0
POOLS = {"web", "worker"}
"""Parts whose work is done by two children each."""


@dataclass
class Line:
    """Of the table."""

    fault: Fault
    at: float
    """Seconds after the load began."""
    outcome: Outcome | None = None
    not_done: str = ""
    log_lines: int = 0
    lost: int = 0
    doubled: int = 0


class Conductor:
    def __init__(self, scene: Scene, book: Book, load: Load, watch: Watch, *, within: float) -> None:
        self.within = within
        self.scene, self.book, self.load, self.watch = scene, book, load, watch
        self.began = time.monotonic()
        self.names = set(scene.portal.parts())

    def settle(self) -> str:
        """Wait until all is well, LIMIT at most; what is still wrong then."""
        return self._until_well(time.monotonic() - SETTLE + WARM)

    def run(self, fault: Fault) -> Line:
        self.scene.began, line = time.monotonic(), Line(fault, 0.0)
        lines = self.scene.portal.log_lines()
        try:
            fault.inflict(self.scene)
        except NotPossible as reason:
            line.not_done = str(reason)
        except (RuntimeError, OSError, psutil.Error) as mishap:
            line.not_done = f"the drill failed: {type(mishap).__name__} {mishap}"[:200]
        began, ended = self.scene.began, time.monotonic()
        line.at = began - self.began
        still_wrong = self._until_well(ended)
        if not line.not_done:
            line.outcome = outcome(Span(began, ended, time.monotonic()), self._seen(began), within=self.within)
            line.outcome.wrong += [still_wrong] if still_wrong else []
        line.log_lines = self.scene.portal.log_lines() - lines
        self._help(still_wrong)
        return line

    def _seen(self, began: float) -> Seen:
        attempts = [attempt for attempt in list(self.load.attempts) if attempt.ended >= began]
        routes = [route for route in list(self.watch.routes) if route.at >= began]
        readings = [reading for reading in list(self.watch.readings) if reading.at >= began - 1]
        return Seen(attempts, routes, list(self.watch.waiting.values()), readings)

    def _help(self, still_wrong: str) -> None:
        """What a person would do: let go what hangs, and where that is not enough, start the portal anew."""
        had_to = bool(self.scene.afterwards)
        self.scene.clean_up()
        if still_wrong:
            self.scene.bring_redis_back()
            self.scene.portal.end()
            self.scene.portal.start()
        if had_to or still_wrong:
            self.settle()

    def _until_well(self, ended: float) -> str:
        wrong = "not looked at"
        while time.monotonic() < ended + LIMIT:
            time.sleep(0.5)
            if time.monotonic() > ended + SETTLE and not (wrong := ", ".join(self._wrong(ended))):
                return ""
        return f"not well after {LIMIT:.0f} s: {wrong}"

    def _wrong(self, ended: float) -> Iterable[str]:
        now = time.monotonic()
        recent = [attempt for attempt in self.load.attempts[-2000:] if attempt.ended > now - SLOW]
        if any(is_bad(attempt) for attempt in recent):
            yield "people are refused or kept waiting"
        if not any(attempt.ended > now - RECENT for attempt in recent):
            yield "nobody is answered"
        if not self.book.told or self.book.told[-1].at < now - SLOW:
            yield "no request is acknowledged"
        if any(now - told.at > SLOW for told in list(self.watch.waiting.values())):
            yield "requests wait for a person responsible"
        readings = [reading for reading in self.watch.readings[-3:] if reading.at > ended]
        if len(readings) < 3 or not all(reading.is_ready for reading in readings):
            yield f"/readyz is not green ({', '.join(readings[-1].wrong) if readings else 'not asked'})"
        yield from (f"{name} is missing" for name in sorted(self.names) if not self._is_whole(name))

    def _is_whole(self, name: str) -> bool:
        with suppress(NotPossible, psutil.Error):
            return self.scene.part(name).is_running() and (name not in POOLS or len(self.scene.children(name)) >= 2)
        return False


def by_fault(lines: Iterable[Line], book: Book, troubles: Iterable[str], began: float) -> Counter[str]:
    """How many of these requests (tokens) were acknowledged from the beginning of a fault to that of the next."""
    told = {told.token: told.at - began for told in book.told}
    counted: Counter[str] = Counter()
    for token in troubles:
        before = [line for line in lines if line.at <= told.get(token, -1)]
        if before:
            counted[max(before, key=lambda line: line.at).fault.name] += 1
    return counted
