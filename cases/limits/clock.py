"""Working time on the real calendar. Pure: knows no model; every moment is passed in.

Counted as 民法典 201–203 says: of days, the starting day does not count; a period ends at the end of its last day; if
that is a day off, the next working day is the last one. docs/time-limits.md has the table of examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cases.limits.festivals import festivals
from web.period_ends import end_in_words, last_day

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
Shifts = tuple[tuple[time, time], ...]
DEFAULT_SHIFTS: Shifts = ((time(8, 30), time(12, 0)), (time(14, 30), time(18, 0)))


class Unit(StrEnum):
    HOUR = "hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    DAY = "day"

    @property
    def label(self) -> str:
        return {"hour": "小时", "work_hour": "工作小时", "work_day": "工作日", "day": "天"}[self.value]


@dataclass(frozen=True)
class Limit:
    """So much of a unit. Raises ValueError unless positive."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a time limit is positive")

    def __str__(self) -> str:
        between = " 个" if self.unit in {Unit.WORK_HOUR, Unit.WORK_DAY} else " "
        return f"{self.amount}{between}{self.unit.label}"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and when on them."""

    off: frozenset[date] = frozenset()
    """Weekdays (or any days) off: festivals and days moved to them."""
    working: frozenset[date] = frozenset()
    """Weekend days worked in exchange (调休)."""
    announced_until: date | None = None
    """Last day of the last year the State Council has announced; later days are provisional."""
    shifts: Shifts = DEFAULT_SHIFTS

    def is_working_day(self, day: date) -> bool:
        if day in self.working:
            return True
        if day in self.off or day.weekday() >= 5:
            return False
        return not (self.is_provisional(day) and day in festivals(day.year))

    def is_provisional(self, day: date) -> bool:
        """Whether the year of this day has not been announced, so that limits into it may be recomputed."""
        return self.announced_until is None or day > self.announced_until

    def working_days_from(self, day: date) -> Iterator[date]:
        """`day` itself if worked, and every working day after it."""
        while True:
            if self.is_working_day(day):
                yield day
            day += ONE_DAY

    def shifts_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.is_working_day(day):
            for begin, end in self.shifts:
                yield datetime.combine(day, begin, ZONE), datetime.combine(day, end, ZONE)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts[-1][1], ZONE)


def add(calendar: Calendar, start: datetime, limit: Limit) -> datetime:
    """When a limit that begins at `start` ends.

    Hours count from the moment; working hours only while a shift runs; working days end at close of business of the
    last one; days end at 24:00 of the last one, moved to the next working day if that is a day off."""
    start = _local(start)
    if limit.unit is Unit.HOUR:
        return start + timedelta(hours=limit.amount)
    if limit.unit is Unit.WORK_HOUR:
        return _add_working_time(calendar, start, timedelta(hours=limit.amount))
    if limit.unit is Unit.WORK_DAY:
        days = calendar.working_days_from(start.date() + ONE_DAY)
        for _ in range(limit.amount - 1):
            next(days)
        return calendar.closing(next(days))
    last = next(calendar.working_days_from(start.date() + timedelta(days=limit.amount)))
    return datetime.combine(last + ONE_DAY, time(0), ZONE)


def _add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    left = amount
    for begin, end in _shifts_from(calendar, start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("shifts never end")


def _shifts_from(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What is left of the running shift, and every shift after it."""
    for day in calendar.working_days_from(start.date()):
        for begin, end in calendar.shifts_on(day):
            if end > start:
                yield max(begin, start), end


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments was worked; nothing if `end` is not after `start`."""
    start, end = _local(start), _local(end)
    total = timedelta()
    for begin, finish in _shifts_from(calendar, start):
        if begin >= end:
            return total
        total += min(finish, end) - begin
    return total


def halfway(calendar: Calendar, start: datetime, due: datetime, unit: Unit) -> datetime:
    """When half of a limit is used up: half of the working time for working units, else half of the time."""
    start, due = _local(start), _local(due)
    worked = working_time_between(calendar, start, due)
    if unit in {Unit.HOUR, Unit.DAY} or not worked:
        return start + (due - start) / 2
    return _add_working_time(calendar, start, worked / 2)


def left_in_words(calendar: Calendar, now: datetime, due: datetime) -> str:
    """ "还剩 2 个工作日", "还剩 3 小时 20 分", "已超时 1 天"."""
    now, due = _local(now), _local(due)
    if now >= due:
        return f"已超时 {_span(now - due)}"
    days = sum(1 for day in _days(now.date() + ONE_DAY, due.date()) if calendar.is_working_day(day))
    return f"还剩 {days} 个工作日" if days >= 2 else f"还剩 {_span(due - now)}"


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _span(length: timedelta) -> str:
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes >= 48 * 60:
        return f"{minutes // 1440} 天"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分" if rest and hours < 12 else f"{hours} 小时"


def at_in_words(due: datetime, now: datetime) -> str:
    """ "今天 18:00 前", "周五 18:00 前", "12月3日 18:00 前"; midnight is 24:00 of the day before."""
    due, now = _local(due), _local(now)
    return f"{_day_in_words(last_day(due), now.date())} {end_in_words(due, 'H:i')} 前"


def _day_in_words(day: date, today: date) -> str:
    ahead = (day - today).days
    if 0 <= ahead <= 2:
        return ("今天", "明天", "后天")[ahead]
    week = "一二三四五六日"[day.weekday()]
    if ahead > 0 and day.isocalendar()[:2] == today.isocalendar()[:2]:
        return f"周{week}"
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日（周{week}）"


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is no moment")
    return moment.astimezone(ZONE)
