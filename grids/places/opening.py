"""When a place is open: its weekly hours, with the days that go otherwise. Pure; a day is that of the county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Stretch = tuple[time, time]
"""From ≤ t < until, on one day."""
WEEK = "一二三四五六日"


@dataclass(frozen=True)
class Hours:
    weekly: Mapping[int, tuple[Stretch, ...]]
    """Weekday (Monday is 0) -> stretches in order."""
    otherwise: Mapping[date, tuple[Stretch, ...]] = field(default_factory=dict)
    """Days that go otherwise; no stretch: closed."""
    opened: date = date.min
    closed: date | None = None
    """In use from the one day until before the other."""

    def on(self, day: date) -> tuple[Stretch, ...]:
        if day < self.opened or (self.closed is not None and day >= self.closed):
            return ()
        if day in self.otherwise:
            return self.otherwise[day]
        return self.weekly.get(day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        return any(begins <= at.time() < ends for begins, ends in self.on(at.date()))

    def covers(self, begins: datetime, ends: datetime) -> bool:
        """Whether it is open all the time from the one moment to the other, on one day. Stretches that touch are one."""
        if begins.date() != ends.date():
            return False
        reached = begins.time()
        for opens, closes in self.on(begins.date()):
            if opens <= reached < closes:
                reached = closes
        return reached >= ends.time()

    def now_words(self, at: datetime) -> str:
        """ "正在开放，12:00 关门" · "今天 14:30 开门" · "周三 08:30 开门" · "暂不开放"."""
        for begins, ends in self.on(at.date()):
            if begins <= at.time() < ends:
                return f"正在开放，{ends:%H:%M} 关门"
            if at.time() < begins:
                return f"今天 {begins:%H:%M} 开门"
        for days in range(1, 8):
            day = at.date() + timedelta(days=days)
            if stretches := self.on(day):
                spoken = "明天" if days == 1 else f"周{WEEK[day.weekday()]}"
                return f"{spoken} {stretches[0][0]:%H:%M} 开门"
        return "暂不开放"

    def hours_on(self, day: date) -> float:
        return sum((_minutes(ends) - _minutes(begins)) / 60 for begins, ends in self.on(day))


def weekly_words(hours: Hours) -> list[tuple[str, str]]:
    """("周一至周五", "08:30–12:00、14:30–18:00"): days that are alike and follow each other in one line."""
    lines: list[tuple[int, int, tuple[Stretch, ...]]] = []
    for weekday in range(7):
        stretches = tuple(hours.weekly.get(weekday, ()))
        if lines and lines[-1][2] == stretches:
            lines[-1] = (lines[-1][0], weekday, stretches)
        else:
            lines.append((weekday, weekday, stretches))
    return [(_days_words(first, last), in_words(stretches)) for first, last, stretches in lines]


def _days_words(first: int, last: int) -> str:
    return f"周{WEEK[first]}" if first == last else f"周{WEEK[first]}至周{WEEK[last]}"


def in_words(stretches: Iterable[Stretch]) -> str:
    return "、".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in stretches) or "不开放"


def overlap(stretches: Iterable[Stretch]) -> bool:
    """Whether two stretches of one day share a moment."""
    in_order = sorted(stretches)
    return any(after[0] < before[1] for before, after in zip(in_order, in_order[1:], strict=False))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
