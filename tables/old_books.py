"""Reading .xls and .ods, and what else calamine knows: in a process of its own under limits of memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError

from tables.book_child import HIDDEN, LOCKED
from tables.cells import Cell, date_cell, plain_number, unguarded
from tables.limits import MAX_CELLS, MAX_COLUMNS, MAX_LINES, too_big, too_many_columns, too_many_lines

_CHILD = Path(__file__).with_name("book_child.py")
MEMORY, MEMORY_A_BYTE = 128 * 1024 * 1024, 8
"""What a book of 18 MB needs is 240 MB."""
PATIENCE = 60
"""Seconds, by the clock, on a machine that has much else to do."""


def read_old_book(raw: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """(number, cells) of each line of the first visible sheet. An error cell reads as blank.

    Raises ValidationError: not to be opened, a password is asked, all sheets are hidden, too large."""
    with tempfile.TemporaryFile() as rows:
        _run(raw, rows)
        rows.seek(0)
        count = 0
        for line in rows:
            number, cells = json.loads(line)
            count += len(cells)
            if number > MAX_LINES:
                too_many_lines()
            if count > MAX_CELLS:
                too_big()
            if any(cells[MAX_COLUMNS:]):
                too_many_columns()
            yield number, [_cell(cell) for cell in cells]


def _run(raw: bytes, rows: IO[bytes]) -> None:
    memory = MEMORY + MEMORY_A_BYTE * len(raw)
    command = [sys.executable, "-I", str(_CHILD), str(memory), str(MAX_LINES)]
    try:
        ended = subprocess.run(
            command, input=raw, stdout=rows, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        too_big()
    if ended.returncode == LOCKED:
        raise ValidationError("这个文件加了密码，请去掉密码后另存再试。")
    if ended.returncode == HIDDEN:
        raise ValidationError("这个工作簿里没有看得见的工作表，请取消隐藏后另存再试。")
    if ended.returncode < 0:  # a limit ended it
        too_big()
    if ended.returncode:
        raise ValidationError("打不开这个 Excel 文件，请用 WPS 或 Excel 另存为 .xlsx 再试。")


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return date_cell(datetime.fromisoformat(cell["at"])) if "at" in cell else plain_number(cell["number"])
    return unguarded(cell)
