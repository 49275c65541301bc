"""The log as a person reads it during an outage: one line a fault, repeated ones counted.

A database that is away fails every request and every sweep in the same way. The first failure is said with where it came
from; its like within a minute are counted and told in one line when the minute is over."""

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType

REPEATS_WITHIN = 60.0
"""Seconds in which the same fault is said once."""
FRAMES = 4
"""Innermost calls that stand in the line, those in the project's own files first."""
OWN = str(Path(__file__).resolve().parent.parent)


class OneLine(logging.Formatter):
    """Time, level, logger, message, and of an exception its kind, words and where it was."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        fault = record.exc_info
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        line = super().format(plain)
        if fault and fault[1] is not None:
            line = f"{line} | {type(fault[1]).__name__}: {fault[1]} | {_where(fault[2])}"
        return " ".join(line.split())


def _where(tail: TracebackType | None) -> str:
    frames = traceback.extract_tb(tail)
    own = [frame for frame in frames if frame.filename.startswith(OWN) and "site-packages" not in frame.filename]
    shown = (own or frames)[-FRAMES:]
    if frames and frames[-1] not in shown:
        shown.append(frames[-1])
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in shown)


def _short(filename: str) -> str:
    return filename.removeprefix(f"{OWN}/").rpartition("site-packages/")[2]


class CountingHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes each fault once a minute. Information is written as it comes: only warnings and worse repeat by the
    thousand."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[object, ...], tuple[float, int, logging.LogRecord]] = {}
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        for repeated in self._that_are_over(now):
            super().emit(repeated)
        if record.levelno < logging.WARNING or self._is_new(record, now):
            super().emit(record)

    def _is_new(self, record: logging.LogRecord, now: float) -> bool:
        key = _kind_of(record)
        with self._guard:
            if key in self._seen:
                since, count, first = self._seen[key]
                self._seen[key] = since, count + 1, first
                return False
            self._seen[key] = now, 0, record
            return True

    def _that_are_over(self, now: float) -> list[logging.LogRecord]:
        """A line for each fault whose minute has passed, if it came again in it."""
        with self._guard:
            over = {key: kept for key, kept in self._seen.items() if now - kept[0] > REPEATS_WITHIN}
            for key in over:
                del self._seen[key]
        return [_counted(first, count) for _, count, first in over.values() if count]

    def close(self) -> None:
        for repeated in self._that_are_over(sys.float_info.max):
            super().emit(repeated)
        super().close()


def _kind_of(record: logging.LogRecord) -> tuple[object, ...]:
    """What makes two records the same fault: the place that logs it, and what was raised where. Not the words, which
    name a case or an address."""
    kind, _, tail = record.exc_info if record.exc_info else (None, None, None)
    return record.name, record.pathname, record.lineno, record.levelno, kind, _where(tail) if tail else ""


def _counted(first: logging.LogRecord, count: int) -> logging.LogRecord:
    again = logging.makeLogRecord({**first.__dict__, "exc_info": None, "args": None, "created": time.time()})
    fault = first.exc_info[0].__name__ if first.exc_info and first.exc_info[0] else ""
    again.msg = f"（同样的情况又出现 {count} 次）{first.getMessage()}{f' | {fault}' if fault else ''}"
    return again
