"""The clock of every Python process that has this folder in its PYTHONPATH: moved by so many seconds as stand in a file.
What runs by (time.monotonic) is not moved, as when a machine's clock is set."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta

import time_machine

EVERY = 0.2
FILE = os.environ.get("FALSE_CLOCK", "")


class _Clock:
    """What a child has inherited it goes on with."""

    shift = 0
    traveller: time_machine.travel | None = None

    def set(self, shift: int) -> None:
        if shift == self.shift:
            return
        if self.traveller is not None:
            self.traveller.stop()
        self.traveller = time_machine.travel(datetime.now(UTC) + timedelta(seconds=shift), tick=True)
        self.traveller.start()
        self.shift = shift


_clock = _Clock()


def _follow() -> None:
    while True:
        with open(FILE) as file:
            _clock.set(int(file.read() or 0))
        time.sleep(EVERY)


def _begin() -> None:
    threading.Thread(target=_follow, daemon=True).start()


if FILE:
    _begin()
    os.register_at_fork(after_in_child=_begin)
