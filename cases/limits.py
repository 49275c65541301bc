"""Which time limit applies, counted on the calendar of the database. The counting itself is in cases/clock.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.utils.timezone import localdate

from accounts.ends import last_day
from cases import clock
from cases.clock import Calendar, Limit, Unit
from cases.models import CalendarDay, Case, Category, TimeLimit

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
    """What has been read and counted so far."""

    calendars: dict[date, Calendar] = field(default_factory=dict)
    limits: dict[tuple[str, str, str], list[TimeLimit]] = field(default_factory=dict)
    """By kind, stage and urgency."""
    ends: dict[tuple[Limit, datetime], datetime] = field(default_factory=dict)
    halves: dict[Running, datetime] = field(default_factory=dict)


_kept: ContextVar[_Readings | None] = ContextVar("calendar and limits read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside, the days around one day and each limit are read once: a move asks for them several times, a batch of new
    cases or a demonstration thousands of times. Nothing is kept beyond it, so that what is announced or set meanwhile
    counts from the next move on."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set(_Readings())
    try:
        yield
    finally:
        _kept.reset(token)


def _once(kept: dict[Key, Value], key: Key, find: Callable[[], Value]) -> Value:
    if key not in kept:
        kept[key] = find()
    return kept[key]


def _readings() -> _Readings:
    """Outside of `read_once` nothing is kept from one question to the next."""
    return _kept.get() or _Readings()


def calendar_around(at: datetime) -> Calendar:
    """The days a limit beginning about now can touch."""
    day = localdate(at)
    return _once(_readings().calendars, day, lambda: _calendar(day))


def _calendar(day: date) -> Calendar:
    """One query of some dozens of rows, for years are announced no further ahead than the next."""
    kinds = dict(CalendarDay.objects.filter(date__gte=day - timedelta(days=400)).values_list("date", "kind"))
    last = max(kinds, default=None)
    return Calendar(
        off=frozenset(on for on, kind in kinds.items() if kind == CalendarDay.Kind.OFF),
        working=frozenset(on for on, kind in kinds.items() if kind == CalendarDay.Kind.WORKING),
        announced_until=date(last.year, 12, 31) if last else None,
        shifts=settings.WORK_SHIFTS,
    )


def limit_for(*, kind: str, stage: str, category: Category | None, urgency: str) -> Limit:
    """The most particular limit that staff set: the deepest matching category first, then the urgency."""
    rows = _once(_readings().limits, (kind, stage, urgency), lambda: _limits(kind, stage, urgency))
    fitting = [
        row for row in rows if row.category is None or (category is not None and category.is_within(row.category))
    ]
    if not fitting:
        return UNSET
    # An emergency is one whatever its category, so a limit that names the urgency goes first.
    best = max(fitting, key=lambda row: (bool(row.urgency), len(row.category.path) if row.category else 0))
    return Limit(best.amount, Unit(best.unit))


def _limits(kind: str, stage: str, urgency: str) -> list[TimeLimit]:
    rows = TimeLimit.objects.filter(kind=kind, stage=stage, urgency__in=("", urgency))
    return list(rows.select_related("category"))


def run(*, limit: Limit, from_at: datetime) -> Running:
    def end() -> datetime:
        return clock.add(calendar_around(from_at), from_at, limit)

    return Running(from_at, limit, _once(_readings().ends, (limit, from_at), end))


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

    return _once(_readings().halves, running, half)
