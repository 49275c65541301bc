"""Which time limit applies, counted on the calendar of the rulebook. The counting itself is in cases/limits/clock.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.utils.timezone import localdate

from cases.limits import clock
from cases.limits.clock import Calendar, Limit, Unit
from cases.limits.rulebook import Rulebook, rulebook_under, stamp_now
from cases.models import Case, Category
from web.period_ends import last_day

Key = TypeVar("Key")
Value = TypeVar("Value")

UNSET = Limit(1, Unit.WORK_DAY)
"""Where staff deleted every matching row: a short limit rather than none."""


@dataclass(frozen=True)
class Running:
    """A limit that runs: from when, how long, until when."""

    from_at: datetime
    limit: Limit
    until_at: datetime


@dataclass
class _Readings:
    """The rulebook that counts, and what has been counted so far."""

    book: Rulebook
    ends: dict[tuple[Limit, datetime], datetime] = field(default_factory=dict)
    halves: dict[Running, datetime] = field(default_factory=dict)


_kept: ContextVar[_Readings | None] = ContextVar("rulebook and what was counted by it", default=None)


@contextmanager
def read_once(book: Rulebook | None = None) -> Iterator[None]:
    """Inside, this rulebook (today's) counts, and each limit is counted once: a turn asks for them several times, a batch
    of new cases or a demonstration thousands of times. What is announced or set meanwhile counts from the next turn on."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set(_Readings(book or rulebook_under(stamp_now())))
    try:
        yield
    finally:
        _kept.reset(token)


def _once(kept: dict[Key, Value], key: Key, find: Callable[[], Value]) -> Value:
    if key not in kept:
        kept[key] = find()
    return kept[key]


def rulebook() -> Rulebook:
    """That of the turn or reading that runs, else today's."""
    readings = _kept.get()
    return readings.book if readings else rulebook_under(stamp_now())


def calendar_around(at: datetime) -> Calendar:
    """The days a limit beginning about now can touch."""
    return rulebook().calendar(localdate(at))


def limit_for(*, kind: str, stage: str, category: Category | None, urgency: str) -> Limit:
    """The most particular limit that staff set: the deepest matching category first, then the urgency."""
    fitting = [
        row
        for row in rulebook().limits(kind, stage)
        if row.urgency in {"", urgency}
        and (row.category is None or (category is not None and category.is_within(row.category)))
    ]
    if not fitting:
        return UNSET
    # An emergency is one whatever its category, so a limit that names the urgency goes first.
    best = max(fitting, key=lambda row: (bool(row.urgency), len(row.category.path) if row.category else 0))
    return Limit(best.amount, Unit(best.unit))


def run(*, limit: Limit, from_at: datetime) -> Running:
    def end() -> datetime:
        return clock.add(calendar_around(from_at), from_at, limit)

    readings = _kept.get()
    return Running(from_at, limit, _once(readings.ends, (limit, from_at), end) if readings else end())


def run_stage(*, case: Case, stage: str, from_at: datetime) -> Running:
    stage = case.workflow.stage_of(case, stage) if case.workflow.stage_of else stage
    limit = limit_for(kind=case.kind, stage=stage, category=case.category, urgency=case.urgency)
    return run(limit=limit, from_at=from_at)


PROVISIONAL = "（暂定，节假日安排公布后可能调整）"


def in_words(calendar: Calendar, moment: datetime, at: datetime) -> str:
    """When a limit ends, as people read it at `at`; a year that is not announced yet may still move it."""
    is_provisional = calendar.is_provisional(last_day(moment))
    return clock.at_in_words(moment, at) + (PROVISIONAL if is_provisional else "")


def half_time(running: Running) -> datetime:
    """When half of the limit is used up."""

    def half() -> datetime:
        return clock.halfway(calendar_around(running.from_at), running.from_at, running.until_at, running.limit.unit)

    readings = _kept.get()
    return _once(readings.halves, running, half) if readings else half()
