"""Reading tables kept as text: which encoding, which separator, which lines belong to one row. Pure."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from django.core.exceptions import ValidationError

from tables.cells import Cell, unguarded
from tables.limits import MAX_CELLS, MAX_COLUMNS, MAX_LINE_SIGNS, MAX_LINES, too_big, too_many_columns, too_many_lines

SEPARATORS = ",;\t|"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAMPLE = 20
"""Lines that are looked at to tell the separator."""
_MOST_NULLS, _MOST_BAD = 0.01, 0.2
csv.field_size_limit(MAX_LINE_SIGNS)


def read_text(raw: bytes, *, separator: str = "") -> Iterator[tuple[int, list[Cell]]]:
    """(number, cells) of each row, numbered as a spreadsheet shows them; a cell may run over several lines. Without a
    `separator` it is the one that is told or stands in most lines.

    Raises ValidationError: no text, a quotation mark without its partner, too large."""
    text = _decoded(raw)
    if re.match(r"\s*<(!|\?|html|table|head|meta|body|style|div)", text[:200], re.IGNORECASE):
        raise ValidationError("这是网页或 XML 文件，不是表格。请用 WPS 或 Excel 打开它，另存为 .xlsx 再试。")
    likeliest, text = _separator(text)
    separator = separator or likeliest
    count = 0
    for number, cells in enumerate(_rows(text, separator), start=1):
        if number > MAX_LINES:
            too_many_lines()
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            too_many_columns()
        count += len(cells)
        if count > MAX_CELLS:
            too_big()
        yield number, [unguarded(cell) for cell in cells]


def _decoded(raw: bytes) -> str:
    """Bytes that are no sign in the encoding stay as lone surrogates, so that their row can be named."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _decode(raw[len(mark) :], encoding)
    if (nulls := raw.count(b"\0")) > len(raw) * _MOST_NULLS:
        evens = raw[::2].count(b"\0")
        if max(evens, nulls - evens) < nulls * 0.99:
            raise ValidationError("这不是表格文件，请选择 .csv、.xlsx、.xls 或 .ods 文件。")
        return _decode(raw, "utf-16-be" if evens > nulls - evens else "utf-16-le")
    raw = raw.replace(b"\0", b"")
    text = _decode(raw, "utf-8")
    read = len(text.encode(errors="ignore").decode())
    # Of a text in UTF-8 with a bad byte most other signs are read; of one in GB18030 hardly any.
    if len(text) - read > (read - len(text.encode("ascii", "ignore"))) * _MOST_BAD:
        text = _decode(raw, "gb18030")
    return text


def _decode(raw: bytes, encoding: str) -> str:
    if encoding.startswith("utf-16"):
        return raw[: len(raw) // 2 * 2].decode(encoding, "surrogatepass")
    return raw.decode(encoding, "surrogateescape")


def _separator(text: str) -> tuple[str, str]:
    """What stands between cells, and the text without a first line that only says so ("sep=;")."""
    if told := re.match(r"\"?sep=([,;|\t])\"?\r?\n", text, re.IGNORECASE):
        return told[1], text[told.end() :]
    lines = [line for line in islice(io.StringIO(text), _SAMPLE * 5) if line.strip()][:_SAMPLE]
    return max(SEPARATORS, key=lambda sign: (sum(sign in line for line in lines), -SEPARATORS.index(sign))), text


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """A quotation mark too many makes csv swallow the rows up to the next one: whatever runs over several lines must be
    quoted as it should be."""
    taken: list[str] = []
    first = 1

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            if len(line) > MAX_LINE_SIGNS:
                raise ValidationError("有一行太长，这不像表格文件。")
            taken.append(line)
            yield line

    try:
        for cells in csv.reader(lines(), delimiter=separator):
            if len(taken) > 1:
                next(csv.reader(taken, delimiter=separator, strict=True))
            yield cells
            first += len(taken)
            taken.clear()
    except csv.Error:
        raise ValidationError(
            f"文本第 {first} 行起引号不成对，后面的行会连在一起。请在那里补上或删去一个引号再试。"
        ) from None
