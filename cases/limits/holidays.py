"""Where days off and make-up days come from: a package for the years it knows, the yearly notice for the others.

Pure readers; `cases.engine.calendar.load_days` stores what they give."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import BinaryIO

import chinese_calendar
from django.core.exceptions import ValidationError

from tables.heads import Column, Layout
from tables.moments import read_day
from tables.reading import Row, read_table

REACHES_BACK = timedelta(days=14)
"""元旦 of a year may begin, or be worked for, in the last days of the year before: 2023's notice names 2022-12-31."""
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_KINDS = {
    "放假": "off",
    "休": "off",
    "休息": "off",
    "上班": "working",
    "班": "working",
    "调休上班": "working",
}
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


CALENDAR = Layout(
    "calendar",
    "放假安排",
    "日期",
    (
        Column("日期", ("放假日期",), is_needed=True),
        Column("类型", ("类别",), is_needed=True),
        Column("名称", ("节日",)),
    ),
)


@dataclass(frozen=True)
class DayRow:
    date: date
    kind: str
    """ "off" or "working"."""
    name: str


def known_years(since: int = 2018) -> Iterator[DayRow]:
    """What the package knows (2004–2026); it raises NotImplementedError beyond, so its own tables are read."""
    for day, name in sorted(chinese_calendar.holidays.items()):
        if day.year >= since:
            yield DayRow(day, "off", _NAMES.get(str(name), str(name)))
    for day, name in sorted(chinese_calendar.workdays.items()):
        if day.year >= since:
            yield DayRow(day, "working", f"{_NAMES.get(str(name), str(name))}调休")


def read_notice(file: BinaryIO) -> list[DayRow]:
    """The yearly notice as staff typed it: columns 日期, 类型 (放假 or 上班), 名称.

    Raises ValidationError with one sentence a bad row, all of them at once; also when a festival of the year is
    missing."""
    errors: list[str] = []
    days: dict[date, DayRow] = {}
    for row in read_table(file.read(), CALENDAR).rows:
        try:
            day = _read_row(row)
        except ValidationError as fault:
            errors += [f"第 {row.line} 行：{message}" for message in fault.messages]
            continue
        if day.date in days and days[day.date].kind != day.kind:
            errors.append(f"第 {row.line} 行：{day.date} 前面写的是另一种类型，请留一种。")
        days[day.date] = day
    errors += _missing_festivals(days.values())
    if errors:
        raise ValidationError(errors)
    return sorted(days.values(), key=lambda day: day.date)


def _read_row(row: Row) -> DayRow:
    row.check()
    kind = _KINDS.get(row.text("类型"))
    if kind is None:
        raise ValidationError("“类型”应填“放假”或“上班”。")
    return DayRow(read_day(row["日期"]), kind, row.text("名称")[:40])


def _missing_festivals(days: Iterable[DayRow]) -> Iterator[str]:
    """A year is announced as a whole: a notice that lacks a festival was not typed to the end. The last days of December
    alone belong to the year after them, if the notice has it."""
    by_year: dict[int, list[DayRow]] = {}
    for day in days:
        by_year.setdefault(day.date.year, []).append(day)
    for year, days_of_year in sorted(by_year.items()):
        if year + 1 in by_year and min(day.date for day in days_of_year) > date(year, 12, 31) - REACHES_BACK:
            continue
        names = "".join(day.name for day in days_of_year)
        if missing := [name for name in FESTIVALS if name not in names]:
            yield f"{year} 年缺少：{'、'.join(missing)}。请把全年放假安排填完整。"
