"""Hostile files are refused in little memory, whatever they are called."""

import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings

from tests.tables.books import HEADS, ods, ods_row, rows_of, text_cell, xlsx

MEGABYTES, ENDLESS = 150, 60
"""`ENDLESS`: seconds after which reading counts as endless; no measure of speed."""
PROBE = """
import json, re, resource, sys
from pathlib import Path
from django.conf import settings
settings.configure()
from django.core.exceptions import ValidationError
from tables.reading import read_table
from tests.tables.books import LETTERS
try:
    table = read_table(Path(sys.argv[1]), LETTERS)
    words = f"read {len(table.rows)}"
except ValidationError as refusal:
    words = refusal.messages[0]
child = resource.getrusage(resource.RUSAGE_CHILDREN)
own = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
print(json.dumps([words, max(own, child.ru_maxrss) / 1000]))
"""
"""The peak of memory as Linux tells it."""
MILLION = 1_000_000
HEAD_ROW = rows_of(HEADS)
LOL = "<!DOCTYPE a [<!ENTITY l0 'lol'>" + "".join(
    f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


def entity_bomb() -> bytes:
    """A book whose sheet begins with entities that swell to a thousand million."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(xlsx(HEAD_ROW))) as book, ZipFile(out, "w") as bomb:
        for part in book.infolist():
            content = book.read(part)
            if "sheet1" in part.filename:
                content = LOL.encode() + content.replace("编号".encode(), b"&l9;")
            bomb.writestr(part.filename, content)
    return out.getvalue()


FILES = {
    "zip bomb.xlsx": lambda: xlsx([HEAD_ROW, *[" " * MILLION] * 260]),
    "swelling text.xlsx": lambda: xlsx([HEAD_ROW, *[rows_of(["长" * MILLION])] * 20, "<row/>" * 200_000]),
    "entities.xlsx": entity_bomb,
    "entities.ods": lambda: ods(ods_row(*HEADS) + ods_row("&l9;"), doctype=LOL),
    "1048576 empty rows.xlsx": lambda: xlsx(HEAD_ROW + '<row s="1" customFormat="1"><c s="1"/></row>' * 1_048_575),
    "last row.xlsx": lambda: xlsx(HEAD_ROW + f'<row r="1048576">{text_cell("x")}</row>'),
    "16384 columns.xlsx": lambda: xlsx(f"<row>{text_cell('列') * 16_384}</row>"),
    "endless tag.xlsx": lambda: xlsx([HEAD_ROW, '<row x="', *["长" * MILLION] * 10, '"/>']),
    "tags.xlsx": lambda: xlsx([HEAD_ROW, *["<x/>" * MILLION] * 4]),
    "blank cells.xlsx": lambda: xlsx([HEAD_ROW, "<row>", *["<c/>" * MILLION] * 4, "</row>"]),
    "texts in a cell.xlsx": lambda: xlsx([HEAD_ROW, "<row><c>", *["<v/>" * MILLION] * 4, "</c></row>"]),
    "one row over and over.xlsx": lambda: xlsx([HEAD_ROW, *['<row r="2"/>' * MILLION] * 4]),
    "shared texts.xlsx": lambda: xlsx(HEAD_ROW, strings="<x/>" * 4 * MILLION),
    "styles.xlsx": lambda: xlsx(HEAD_ROW, styles="<cellXfs>" + "<xf/>" * 2 * MILLION + "</cellXfs>"),
    "corners.ods": lambda: ods(ods_row(*HEADS) + ods_row("x", repeated=1_048_575)),
    "rows of nothing.ods": lambda: ods(ods_row(*HEADS) + ods_row("", repeated=1_048_574) + ods_row("x")),
    "a page.xls": lambda: b"<html><body><table><tr><td>\xe7\xbc\x96\xe5\x8f\xb7</td></tr></table>",
    "a picture.xlsx": lambda: b"\xff\xd8\xff\xe0" + bytes(5_000_000),
    "empty.xlsx": lambda: b"",
    "nulls.csv": lambda: bytes(10_000_000),
    "nulls between.csv": lambda: "编号,时间,内容\n".encode() + b"Z1,\0\0\0\0\0\0\0\0,x\n" * 100,
    "noise.csv": lambda: bytes(range(128, 256)) * 70_000,
    "one line.csv": lambda: b"," * 9_000_000,
    "blank lines.csv": lambda: "编号,时间,内容\n".encode() + b"\n" * 9_000_000,
    "one quote.csv": lambda: '编号,时间,内容\n"'.encode() + b"\n" * 9_000_000,
    "packed.csv.gz": lambda: gzip.compress(bytes(100 * MILLION)),
    "half a book.xlsx": lambda: xlsx(HEAD_ROW)[:300],
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_soon_and_cheaply(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    words, megabytes = probe(path)
    assert not words.startswith("read")
    assert not set(re.findall("[A-Za-z]+", words)) - {"Excel", "XML", "WPS", "csv", "xlsx", "xls", "ods"}
    assert megabytes < MEGABYTES


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "表.xlsx").mkdir()
    assert probe(tmp_path / "表.xlsx")[0] == "表.xlsx 是文件夹，不是表格文件。"


def test_a_large_honest_book_is_read(tmp_path):
    """A fifth of the 100,000 rows that are promised in docs/tables.md."""
    path = tmp_path / "大表.xlsx"
    rows = (rows_of([f"Z{number}", "路灯", "2026-11-20 09:30", f"第{number}件事"]) for number in range(20_000))
    path.write_bytes(xlsx(HEAD_ROW + "".join(rows)))
    words, megabytes = probe(path)
    assert words == "read 20000"
    assert megabytes < MEGABYTES


def probe(path: Path) -> tuple[str, float]:
    """(what was said, megabytes at most) of reading it in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        timeout=ENDLESS,
    )
    return tuple(json.loads(ended.stdout))
