"""The one reader of dates: a moment in Chinese time of what people and systems write. What could be two moments, or is
none, is refused in words. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NoReturn
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from tables.cells import Cell

ZONE = ZoneInfo("Asia/Shanghai")
YEARS = range(1900, 2101)
_DAY = r"(?P<year>\d{4}) ?(?:(?P<sign>[-/.]) ?(?P<month>\d{1,2}) ?(?P=sign) ?(?P<day>\d{1,2})|年 ?(?P<month_>\d{1,2}) ?月 ?(?P<day_>\d{1,2}) ?[日号])"
_WEEKDAY = r"(?:[ ,]*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_HALF = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|AM|PM"
_CLOCK = (
    rf"(?P<half>{_HALF})? ?(?P<hour>\d{{1,2}}) ?(?:"
    r":(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>[.,]\d{1,9})?)?"
    r"|[时点] ?(?:整|(?P<minute_>\d{1,2}) ?分?(?: ?(?P<second_>\d{1,2}) ?秒)?)?"
    r") ?(?P<half_>AM|PM)?"
)
_SHIFT = r"(?: ?(?P<shift>Z|UTC|[+-]\d{2}(?::?\d{2})?))?"
_WRITTEN = re.compile(rf"{_DAY}{_WEEKDAY}(?:(?:[T ] ?|(?<!\d)|(?!\d)){_CLOCK}{_SHIFT})?", re.IGNORECASE)
_RUN_TOGETHER = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[T ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_DAY_OR_MONTH_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b.*")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


def read_moment(cell: Cell) -> datetime:
    """Raises ValidationError: none, or not to be understood as one moment."""
    moment = cell if isinstance(cell, datetime) else _read(cell)
    if moment is None:
        if not str(cell).strip():
            raise ValidationError("没有时间")
        _refuse("时间", str(cell), "2026-11-23 09:30")
    return _in_china(moment)


def read_day(cell: Cell) -> date:
    """The day in China on which the moment lies. Raises ValidationError: none, or not to be understood as one day."""
    moment = cell if isinstance(cell, datetime) else _read(cell)
    if moment is None:
        _refuse("日期", str(cell), "2027-01-01")
    return _in_china(moment).date()


def _in_china(moment: datetime) -> datetime:
    """Without a zone it is the sender's clock, which is China's."""
    return datetime.fromisoformat(moment.isoformat()).replace(tzinfo=moment.tzinfo or ZONE).astimezone(ZONE)


def _refuse(what: str, text: str, example: str) -> NoReturn:
    shown = " ".join(text.split())[:40]
    plain = unicodedata.normalize("NFKC", shown)
    if _DAY_OR_MONTH_FIRST.fullmatch(plain):
        raise ValidationError(f"“{shown}”分不清哪个是日、哪个是月，请写成 {example}")
    if _SERIAL.fullmatch(plain):
        raise ValidationError(f"“{shown}”是表格软件里的日期序号，请把这一列设为日期格式，或写成 {example}")
    raise ValidationError(f"看不懂{what}“{shown}”，请写成 {example}")


def _read(text: str) -> datetime | None:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    match = _WRITTEN.fullmatch(plain) or _RUN_TOGETHER.fullmatch(plain)
    if match is None:
        return None
    parts = {name.rstrip("_"): part for name, part in match.groupdict().items() if part}
    year = int(parts["year"])
    hour = _hour(int(parts.get("hour", 0)), parts.get("half", "").upper())
    minute, second = int(parts.get("minute", 0)), int(parts.get("second", 0))
    part = int(parts.get("part", ".0")[1:7].ljust(6, "0"))
    if hour is None or year not in YEARS:
        return None
    is_midnight = (hour, minute, second, part) == (24, 0, 0, 0)
    try:
        moment = datetime(
            year, int(parts["month"]), int(parts["day"]), 0 if is_midnight else hour, minute, second, part
        )
        return (moment + timedelta(days=is_midnight)).replace(tzinfo=_zone(parts.get("shift", "")))
    except ValueError:
        return None


def _hour(hour: int, half: str) -> int | None:
    """Of 24. None where the word and the hour do not go together, or 12 could be noon or midnight."""
    if not half or hour > 12:
        fits = not half or (half in ("下午", "傍晚", "晚上", "PM") and hour < 24)
        return hour if fits else None
    if half in ("AM", "PM"):
        return hour % 12 + 12 * (half == "PM") if hour else None
    if half == "中午":
        return {11: 11, 12: 12, 1: 13, 2: 14}.get(hour)
    if half in ("下午", "傍晚", "晚上"):
        return hour + 12 if hour < 12 else 12 if half == "下午" else None
    return hour if hour < 12 else None


def _zone(shift: str) -> ZoneInfo | timezone:
    if not shift:
        return ZONE
    if not shift[1:2].isdecimal():
        return UTC
    hours, minutes = int(shift[1:3]), int(shift[3:].lstrip(":") or 0)
    if minutes > 59:
        raise ValueError(shift)
    return timezone((1 if shift[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
