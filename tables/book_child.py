"""Run in a process of its own, by path (tables/old_books.py): reads the workbook on stdin with calamine and writes its
first visible sheet to stdout, a line of JSON for each row. It imports nothing of ours.

calamine lays a sheet out whole, from its first cell to its last: two cells in far corners, or one long text that half a
million cells refer to, would take all memory of the process that reads them. This one has a lid."""

import json
import resource
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

MAX_OUTPUT = 120_000_000
MAX_SECONDS = 10
"""Of computing, not of waiting."""
HIDDEN, LOCKED = 3, 4
"""What it exits with: no visible sheet; a password is asked."""


def main(memory: int, lines: int) -> None:
    """`memory` in bytes; after row number `lines` nothing but one empty row is written."""
    for limit, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, MAX_OUTPUT), (resource.RLIMIT_CPU, MAX_SECONDS),
    ):  # fmt: skip
        with suppress(ValueError):  # a system that does not know this limit
            resource.setrlimit(limit, (most, most))
    from python_calamine import PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook  # under the lid too

    try:
        book = load_workbook(BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        sys.exit(LOCKED)
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            _write(book.get_sheet_by_name(sheet.name), lines)
            return
    sys.exit(HIDDEN)


def _write(sheet: Any, lines: int) -> None:
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, cells in enumerate(sheet.iter_rows(), start=first):
        if number > lines:
            print(json.dumps([number, []]))
            return
        if any(cell != "" for cell in cells):
            print(json.dumps([number, [_plain(cell) for cell in cells]]))


def _plain(cell: Any) -> Any:
    """Moments as {"at": …}, numbers as {"number": …}, all else as text."""
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"at": datetime(cell.year, cell.month, cell.day).isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return {"number": repr(cell)} if isinstance(cell, int | float) else cell


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
