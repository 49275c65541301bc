"""Whoever does not answer is left alone for a while."""

from time import monotonic

from gateways.faults import Down

FAULTS = 5
"""So many in a row."""
SECONDS = 30
"""So long it is not asked then. The next call is a trial: if that fails too, as long again."""


class Breaker:
    """Of one service, in one process."""

    def __init__(self) -> None:
        self._faults = 0
        self._closed_until = 0.0

    def check(self) -> None:
        """Raises Down while it is left alone."""
        if monotonic() < self._closed_until:
            raise Down("paused", f"连续 {self._faults} 次不通，暂停 {SECONDS} 秒")

    def note_fault(self) -> None:
        self._faults += 1
        if self._faults >= FAULTS:
            self._closed_until = monotonic() + SECONDS

    def note_answer(self) -> None:
        """Also where it was no."""
        self._faults, self._closed_until = 0, 0.0
