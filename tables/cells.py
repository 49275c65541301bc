"""What a cell holds, whatever kind of file kept it: text, or a moment where the sheet says that the cell is a date. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

BIGGEST_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number; those after them are gone."""
_GUARDED = re.compile(r"'(?='*[=+\-@\t\r])")
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_AS_TEXT = re.compile(r'="([^"]*)"')
BAD_SIGNS = re.compile("[\ud800-\udfff]")
"""Bytes that are no sign in the encoding of their file (tables/texts.py)."""


class DateCell(datetime):
    """A moment of a cell that is a date, in Chinese time and without a zone, as spreadsheets have it."""

    shows = ""
    """Which of y, m, d the sheet shows; "" where the file does not tell."""


class ErrorCell(str):
    """#N/A and the like."""


Cell = str | DateCell


def date_cell(moment: datetime, shows: str = "") -> DateCell:
    cell = DateCell(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond
    )
    cell.shows = shows
    return cell


def plain_number(text: str) -> str:
    """A number of a file as people write it: "3.0" is 3, "1E-3" is 0.001. One whose last digits are lost says 2.02611E+16."""
    if text.isdecimal():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    if not abs(number) < BIGGEST_EXACT:
        return text if "e" not in text.lower() else f"{number:.14E}"
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def guarded(text: str) -> str:
    """With a sign before it that keeps a spreadsheet from running it as a formula; `unguarded` takes it off."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """As it was before `guarded`; also ="00123", which is how others keep a spreadsheet from reading a number."""
    if text[:1] == "'":
        return text[1:] if _GUARDED.match(text) else text
    as_text = _AS_TEXT.fullmatch(text) if text[:1] == "=" else None
    return as_text[1] if as_text else text


def is_blank(cells: Iterable[Cell]) -> bool:
    return not any(cell and (not isinstance(cell, str) or cell.strip()) for cell in cells)


def words_of(cell: Cell) -> str:
    """As text, as it is shown and written back."""
    if isinstance(cell, str):
        return cell
    return f"{cell:%Y-%m-%d}" if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else f"{cell:%Y-%m-%d %H:%M:%S}"
