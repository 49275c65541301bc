"""The one reader of tables: a file in any form people send it -> rows with their columns by name (docs/tables.md)."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError

from tables.cells import BAD_SIGNS, Cell, ErrorCell, is_blank, words_of
from tables.heads import LOOKED_AT, Heads, Layout, find_heads
from tables.limits import MAX_BYTES, MAX_UNPACKED, too_big
from tables.old_books import read_old_book
from tables.texts import SEPARATORS, read_text
from tables.xlsx import read_xlsx
from tables.xml_parts import not_sound

GZIP, ZIP, OLE = b"\x1f\x8b", b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_PARTS = 2_000
QUICK_BYTES = 500_000
"""A workbook up to this size is read in about a second."""
OTHER_KINDS = {b"%PDF": "PDF 文件", b"\xff\xd8\xff": "图片", b"\x89PNG": "图片", b"{\\rtf": "文档", b"Rar!": "压缩包"}

_TOO_MANY = re.compile(r"有 (\d+) 列，表头是 \d+ 列")
_COMMA = re.compile("[,，;；|\t]")

Lines = Iterator[tuple[int, list[Cell]]]
SAMPLE_BYTES = 64 * 1024
"""Of a text in which the separator of the heads is looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells by the house's names of the columns."""

    line: int
    """As the spreadsheet numbers it."""
    written: list[Cell]
    """Every cell, as it came."""
    heads: Heads
    refused_for: str = ""
    """原因, where the table is one of rejects."""

    def __getitem__(self, column: str) -> Cell:
        """The cell under this column, or "" where there is none."""
        for place in self.heads.places.get(column, ()):
            if place < len(self.written) and not is_blank(self.written[place : place + 1]):
                return self.written[place]
        return ""

    def text(self, column: str) -> str:
        return words_of(self[column]).strip()

    def check(self) -> None:
        """Raises ValidationError: cells that no head names, cells cut off, signs that cannot be read, error cells."""
        width = len(self.heads.written)
        if not is_blank(self.written[width:]) or len(self.written) <= max(self.heads.needed, default=-1):
            raise ValidationError(f"有 {len(self.written)} 列，表头是 {width} 列")
        self._check_nothing_was_dropped(self.written[:width])
        for place, cell in enumerate(self.written[:width]):
            if isinstance(cell, str) and cell:
                self._check_text(cell, place)

    def _check_nothing_was_dropped(self, cells: list[Cell]) -> None:
        """Many programs drop cells that no head names: a reject that had too many is mended when their words stand in
        other cells, behind the comma that had split them."""
        before = _TOO_MANY.match(self.refused_for)
        if before and sum(len(_COMMA.split(words_of(cell))) for cell in cells) < int(before[1]):
            raise ValidationError(f"{before[0]}；多出来的内容这次没有了，请补上，确实不要的请清空“原因”")

    def _check_text(self, cell: str, place: int) -> None:
        head = " ".join(self.heads.written[place].split())
        if not head and cell.strip():
            raise ValidationError(f"第 {place + 1} 列没有列名，却写着“{cell[:20]}”")
        if BAD_SIGNS.search(cell):
            raise ValidationError(
                f"“{head}”里有读不出的字，文件的编码有损坏。请改正这一行，或从原系统另存为 UTF-8 或 .xlsx 再导"
            )
        if isinstance(cell, ErrorCell) and any(place in places for places in self.heads.places.values()):
            raise ValidationError(f"“{head}”是公式错误 {cell}")


@dataclass(frozen=True)
class Table:
    heads: Heads
    rows: list[Row]

    def has(self, column: str) -> bool:
        return column in self.heads.places


def read_table(source: Path | bytes, layout: Layout) -> Table:
    """The rows of `source`, whatever kind of file it is. Rows that are blank are none.

    Raises ValidationError: no such file, no table, too large, columns missing or doubled, no row at all."""
    rows = list(_rows(_unpacked(source if isinstance(source, bytes) else _bytes(source)), layout))
    return Table(rows[0].heads, rows)


def check_beginning(raw: bytes, layout: Layout) -> None:
    """What can be told of a table in a moment: its first lines; a large workbook, which would have to be read whole for
    them, is not opened.

    Raises ValidationError as `read_table` does."""
    raw = _unpacked(raw)
    if len(raw) <= QUICK_BYTES or not raw.startswith((OLE, ZIP)):
        next(_rows(raw, layout))


def _rows(raw: bytes, layout: Layout) -> Iterator[Row]:
    first, lines, heads, taken = _opened(raw, layout)
    # Workbooks keep no blank cells at the end of a row; in a text a row without them may have been cut off.
    width = heads.skipped + len(heads.written) if raw.startswith((OLE, ZIP)) else 0
    row = None
    for line, cells in chain(first[taken:], lines):
        row = Row(line, [*cells, *[""] * (width - len(cells))][heads.skipped :], heads, _reason(cells, heads))
        yield row
    if row is None:
        raise ValidationError(f"没有读到任何{layout.row}：列名下面一行内容也没有。")


def _opened(raw: bytes, layout: Layout) -> tuple[list[tuple[int, list[Cell]]], Lines, Heads, int]:
    """The first lines, those behind them, and the heads."""
    lines = _filled(raw)
    first = list(islice(lines, LOOKED_AT))
    try:
        return first, lines, *find_heads([cells for _, cells in first], layout)
    except ValidationError:
        separator = "" if raw.startswith((OLE, ZIP)) else _separator_of_heads(raw[:SAMPLE_BYTES], layout)
        if not separator:
            raise
    lines = _filled(raw, separator)
    first = list(islice(lines, LOOKED_AT))
    return first, lines, *find_heads([cells for _, cells in first], layout)


def _filled(raw: bytes, separator: str = "") -> Lines:
    return ((line, cells) for line, cells in _lines(raw, separator) if not is_blank(cells))


def _separator_of_heads(beginning: bytes, layout: Layout) -> str:
    """Where the likeliest separator of a text shows no heads, a rarer one may: its cells hold the other more often than it
    stands between them. "" when none does."""
    for separator in SEPARATORS:
        with suppress(ValidationError):
            find_heads([cells for _, cells in islice(_filled(beginning, separator), LOOKED_AT)], layout)
            return separator
    return ""


def _reason(cells: list[Cell], heads: Heads) -> str:
    return words_of(cells[heads.skipped - 1]) if 0 < heads.skipped <= len(cells) else ""


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            too_big()
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ValidationError(f"没有这个文件：{path}") from None
    except IsADirectoryError:
        raise ValidationError(f"{path.name} 是文件夹，不是表格文件。") from None
    except OSError:
        raise ValidationError(f"打不开 {path.name}，请看看有没有读取的权限。") from None
    if path.suffix == ".gz" and not raw.startswith(GZIP):
        raise ValidationError(f"打不开 {path.name}：它不是 .gz 压缩文件。")
    return raw


def _unpacked(raw: bytes) -> bytes:
    if raw.startswith(GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                raw = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error):
            raise ValidationError("打不开这个压缩文件，请解压后再试。") from None
    if len(raw) > MAX_BYTES:
        too_big()
    return raw


def _lines(raw: bytes, separator: str) -> Lines:
    """(number, cells) of each line. The beginning of a file says its kind, not its name."""
    for beginning, kind in OTHER_KINDS.items():
        if raw.startswith(beginning):
            raise ValidationError(f"这是{kind}，不是表格。请选择 .csv、.xlsx、.xls 或 .ods 文件。")
    if raw.startswith(OLE):
        return read_old_book(raw)
    return _zipped(raw) if raw.startswith(ZIP) else read_text(raw, separator=separator)


def _zipped(raw: bytes) -> Lines:
    if raw.count(b"PK\x01\x02") > MAX_PARTS:
        too_big()
    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            parts = {part.filename.lower(): part.file_size for part in archive.infolist()}
    except (BadZipFile, NotImplementedError, OSError, ValueError):
        not_sound()
    if "content.xml" not in parts and "xl/workbook.bin" not in parts:
        return iter(read_xlsx(io.BytesIO(raw)))
    if sum(parts.values()) > MAX_UNPACKED:
        too_big()
    return read_old_book(raw)
