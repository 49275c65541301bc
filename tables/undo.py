"""What a spreadsheet made of what was typed, undone where it can be: 3-2 that became the 2nd of March, 3 that became 3.0.
Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.core.exceptions import ValidationError

from tables.cells import Cell, words_of

_SPOILT = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+\d{2,3}")
_WHOLE = re.compile(r"(\d+)\.0+")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DATES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        rf"(?P<day>\d{{1,2}})-(?P<month>{'|'.join(_MONTHS)})",
        rf"(?P<month>{'|'.join(_MONTHS)})-(?P<year>\d{{2}})",
        r"(?P<year>(?:19|20)\d{2})(?P<sign>[-/])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?:0?0:00(?::00)?)?",
        r"(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?",
    )
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_BLANKS = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")


def number(cell: Cell) -> str:
    """An identifier or a phone: without what keeps a spreadsheet from reading a number ('00123), without .0 behind it.

    Raises ValidationError where the spreadsheet has already lost digits of it."""
    text = unicodedata.normalize("NFKC", words_of(cell)).strip().lstrip("'").strip()
    if _SPOILT.fullmatch(text):
        raise ValidationError(
            f"“{text}”被表格软件改成了科学计数，后几位已经丢失。请从原系统重新导出，先把这一列设为“文本”格式再保存"
        )
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def plain_name(text: str) -> str:
    """One way to write the name of a door: 3幢 for ３ 幢, 3-2 for 3－2."""
    return _BLANKS.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip())


def name(cell: Cell) -> str:
    """The name of a door as it was typed: 3 for 3.0, 3-2 for the date that a spreadsheet made of it.

    Raises ValidationError where the same date is made of two names."""
    if isinstance(cell, datetime):
        shows = getattr(cell, "shows", "") or "ymd"
        day = cell.day if "d" in shows else None
        return _typed(words_of(cell), cell.year if "y" in shows else None, cell.month, day)
    text = plain_name(cell)
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    written = next((match for date in _DATES if (match := date.fullmatch(text))), None)
    if written is None:
        return text
    parts = {part: digits for part, digits in written.groupdict().items() if digits}
    month = _MONTHS.get(parts["month"].lower()) or int(parts["month"])
    return _typed(text, _whole(parts.get("year")), month, _whole(parts.get("day")))


def _whole(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _typed(shown: str, year: int | None, month: int, day: int | None) -> str:
    """3-2 becomes a month and a day, 13-2 (no month is 13) a year and a month; a full date hides which of them it was,
    and English spreadsheets make 13-Feb of both 13-2 and 2-13."""
    names = []
    if year is None and day is not None and day > 12 and shown[-1].isascii():
        names = [f"{month}-{day}", f"{day}-{month}"]
    elif day is not None and (year is None or day > 1):
        names = [f"{month}-{day}"]
    elif day is None and year is not None and 12 < year % 100 < 32:
        names = [f"{year % 100}-{month}"]
    elif year is not None:
        names = [f"{month}-{day or year % 100}", f"{year % 100}-{month}"]
    if len(names) != 1:
        raise ValidationError(
            f"“{shown}”是表格软件改成的日期，原来可能是 {' 或 '.join(names)}。请把这一列设为“文本”格式，重新填写后再导"
        )
    return names[0]
