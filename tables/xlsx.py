"""Reading .xlsx: the first visible sheet, cell by cell, in one pass and little memory.

Numbers are taken as they are written in the file, so that an identifier of 17 digits stays whole; what the sheet says
of its own size is not asked."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.exceptions import ValidationError

from tables.cells import Cell, ErrorCell, date_cell, plain_number, unguarded
from tables.limits import MAX_CELLS, MAX_COLUMNS, MAX_LINES, MAX_UNPACKED, too_big, too_many_columns, too_many_lines
from tables.number_formats import BUILT_IN, parts_shown
from tables.xml_parts import not_sound, read_part

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SECONDS_A_DAY = 86_400
MAX_TAGS = 30_000_000
SPARE, A_CELL = 1_000_000, 6
"""Elements a sheet may have: so many for each cell, and some to spare for rows and the rest."""
MOST = SPARE + A_CELL * MAX_CELLS
_PARTS = ("sharedstrings", "styles")
_UNSOUND = (BadZipFile, zlib.error, ExpatError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
            OverflowError, ValueError)  # fmt: skip

Lines = list[tuple[int, list[Cell]]]


class Book:
    """The parts of a workbook by their names, each read at most once."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.parts = {part.filename.replace("\\", "/").lower(): part for part in archive.infolist()}
        self.left = MAX_UNPACKED

    def open(self, name: str) -> IO[bytes] | None:
        part: ZipInfo | None = self.parts.get(name.lower())
        if part is None:
            return None
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            not_sound()
        self.left -= part.file_size  # zipfile gives no byte more than this, whatever is packed
        if self.left < 0:
            too_big()
        return self.archive.open(part)

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Identifier -> (kind, name of the part) of what the part `name` refers to."""
        folder, base = posixpath.split(name)
        relations: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                kind = attributes.get("Type", "").rpartition("/")[2].lower()
                relations[attributes.get("Id", "")] = (kind, target.lstrip("/"))

        if part := self.open(posixpath.join(folder, "_rels", f"{base}.rels")):
            read_part(part, start=start)
        return relations


def read_xlsx(file: IO[bytes]) -> Lines:
    """(number, cells) of each line that has any. Raises ValidationError: no workbook, no visible sheet, too large."""
    try:
        with ZipFile(file) as archive:
            return _read(Book(archive))
    except _UNSOUND:
        not_sound()


def _read(book: Book) -> Lines:
    main = next((name for kind, name in book.relations("").values() if kind == "officedocument"), "xl/workbook.xml")
    relations = book.relations(main)
    sheet_ids, is_1904 = _sheets(book, main)
    sheets = [relations[key][1] for key in sheet_ids if key in relations and relations[key][0] == "worksheet"]
    if not sheets:
        raise ValidationError("这个工作簿里没有看得见的工作表，请取消隐藏后另存再试。")
    strings, styles = (next((name for kind, name in relations.values() if kind == part), "") for part in _PARTS)
    sheet = book.open(sheets[0])
    if sheet is None:
        not_sound()
    return _lines(sheet, _strings(book, strings), _formats(book, styles), is_1904)


def _sheets(book: Book, main: str) -> tuple[list[str], bool]:
    """(identifiers of the visible sheets, whether its days count from 1904)."""
    visible: list[str] = []
    is_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_1904
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            visible.extend(value for key, value in attributes.items() if key.endswith(":id"))
        elif name == "workbookPr":
            is_1904 = attributes.get("date1904") in ("1", "true")

    part = book.open(main)
    if part is None:
        not_sound()
    read_part(part, start=start)
    return visible, is_1904


def _strings(book: Book, name: str) -> list[str]:
    """The texts that cells refer to by number. Readings beside Chinese characters (rPh) are no part of them."""
    texts: list[str] = []
    pieces: list[str] = []
    takes = skips = False
    elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal takes, skips, elements
        elements += 1
        if elements > SPARE + A_CELL * len(texts):
            too_big()
        if name == "t":
            takes = not skips
        elif name == "rPh":
            skips = True

    def end(name: str) -> None:
        nonlocal takes, skips
        if name == "t":
            takes = False
        elif name == "rPh":
            skips = False
        elif name == "si":
            texts.append(_text("".join(pieces)))
            pieces.clear()
            if len(texts) > MAX_CELLS:
                too_big()

    def text(piece: str) -> None:
        if takes:
            pieces.append(piece)

    if part := book.open(name):
        read_part(part, start=start, end=end, text=text, most_tags=MAX_TAGS)
    return texts


def _formats(book: Book, name: str) -> list[str]:
    """By number of style: the parts of a moment that its number format shows, "" where it is no date."""
    codes: dict[str, str] = dict(BUILT_IN)
    formats: list[str] = []
    is_inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_inside
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            is_inside = True
        elif name == "xf" and is_inside:
            formats.append(parts_shown(codes.get(attributes.get("numFmtId", ""), "")))

    def end(name: str) -> None:
        nonlocal is_inside
        if name == "cellXfs":
            is_inside = False

    if part := book.open(name):
        read_part(part, start=start, end=end)
    return formats


def _lines(sheet: IO[bytes], strings: list[str], formats: list[str], is_1904: bool) -> Lines:
    """One function with its state in closures: it is called for each of millions of cells."""
    lines: Lines = []
    cells: list[Cell] = []
    pieces: list[str] = []
    attributes: dict[str, str] = {}
    takes = skips = False
    line = column = elements = 0
    allowed = SPARE
    value_of = _values(strings, formats, is_1904)
    column_of = _columns()

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal attributes, takes, skips, line, column, cells, elements, allowed
        elements += 1
        if elements > allowed:
            too_big()
        if name == "c":
            allowed += A_CELL
            if allowed > MOST:
                too_big()
            attributes = given
            column = column_of(given["r"]) if "r" in given else column + 1
        elif name == "v" or name == "t":
            takes = not skips
        elif name == "row":
            line = int(given["r"]) if "r" in given else line + 1
            column = 0
            cells = []
            if line > MAX_LINES:
                too_many_lines()
        elif name == "rPh":
            skips = True

    def end(name: str) -> None:
        nonlocal takes, skips
        if name == "v" or name == "t":
            takes = False
        elif name == "c":
            if pieces:
                if column > MAX_COLUMNS:
                    too_many_columns()
                if gap := column - len(cells) - 1:
                    if gap < 0:
                        not_sound()
                    cells.extend([""] * gap)
                cells.append(value_of(pieces[0] if len(pieces) == 1 else "".join(pieces), attributes))
                pieces.clear()
        elif name == "row":
            if cells:
                lines.append((line, cells))
        elif name == "rPh":
            skips = False

    def text(piece: str) -> None:
        if takes:
            pieces.append(piece)

    read_part(sheet, start=start, end=end, text=text, most_tags=MAX_TAGS)
    return lines


def _columns() -> Callable[[str], int]:
    """ "C7" -> 3."""
    known: dict[str, int] = {}

    def column_of(reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in known:
            if not re.fullmatch("[A-Z]{1,3}", letters):
                not_sound()
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - ord("A") + 1
            known[letters] = number
        return known[letters]

    return column_of


def _values(strings: list[str], formats: list[str], is_1904: bool) -> Callable[[str, dict[str, str]], Cell]:
    first_day = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)

    def number(text: str, style: str) -> Cell:
        shows = formats[int(style)] if style.isdecimal() and int(style) < len(formats) else ""
        if shows:
            serial = float(text)
            # Before March 1900 the count of days is off by one in Excel; below 1 it is a time of day without a day.
            if 61 <= serial < 2_958_466:
                seconds = round(serial * _SECONDS_A_DAY, 3)
                return date_cell(first_day + timedelta(seconds=seconds), shows)
        return plain_number(text)

    def value(text: str, attributes: dict[str, str]) -> Cell:
        kind = attributes.get("t", "n")
        if kind == "s":
            return strings[int(text)]
        if kind == "n":
            return number(text, attributes.get("s", ""))
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return ErrorCell(text) if kind == "e" else _text(text)

    return value


def _text(text: str) -> str:
    """Signs that XML has no place for stand as _x000D_."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
    return unguarded(text)
