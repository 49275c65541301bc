"""How much of a stranger's file is read. Whatever is over a limit is refused in words, before it costs memory or time."""

from typing import NoReturn

from django.core.exceptions import ValidationError

MAX_UPLOAD = 10_000_000
"""Bytes, of what is handed in on a page."""
MAX_BYTES = 60_000_000
"""Of the file as handed in, and of a text as unpacked from .gz."""
MAX_UNPACKED = 250_000_000
"""Of the parts of a workbook that are read; they are read in pieces, never whole."""
MAX_LINES = 150_000
"""Blank ones too."""
MAX_COLUMNS = 300
MAX_CELLS = 2_500_000
MAX_LINE_SIGNS = 1_000_000
"""Of one line of a text file."""


def too_big() -> NoReturn:
    raise ValidationError("文件太大，请分成几个文件。")


def too_many_lines() -> NoReturn:
    raise ValidationError(
        f"表格超过 {MAX_LINES} 行（空行也算）。如果下面都是带格式的空行，请选中它们删除后另存；否则请分成几个文件。"
    )


def too_many_columns() -> NoReturn:
    raise ValidationError(f"表格超过 {MAX_COLUMNS} 列，请删去用不到的列再试。")
