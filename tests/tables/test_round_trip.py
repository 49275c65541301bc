"""What the house writes, the house reads as it was."""

import csv
import io
from pathlib import Path

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from tablib import Dataset

from tables.admin import CSV, XLSX
from tables.cells import guarded, unguarded
from tables.reading import Row, read_table
from tables.rejects import write_rejects
from tables.report import Report
from tests.tables.books import HEADS, LETTERS

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n'=+-@,;|\""))
"""Of a cell; signs of steering but tab and line break no spreadsheet keeps."""
TABLES = st.lists(
    st.lists(WORDS, min_size=4, max_size=4).filter(lambda row: any(cell.strip() for cell in row)),
    min_size=1,
    max_size=8,
)
ANY_WIDTH = st.lists(
    st.lists(WORDS, min_size=1, max_size=7).filter(lambda row: any(cell.strip() for cell in row)),
    min_size=1,
    max_size=8,
)
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cells_of(rows: list[Row]) -> list[list[str]]:
    return [[*row.written, *[""] * len(HEADS)][: len(HEADS)] for row in rows]


@given(WORDS)
def test_the_guard(text):
    assert unguarded(guarded(text)) == text


@often
@given(TABLES)
def test_a_table_as_text(rows):
    for separator, encoding in ((",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16"), (",", "gb18030")):
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=separator)
        writer.writerows([HEADS, *([guarded(cell) for cell in row] for row in rows)])
        assert cells_of(read_table(out.getvalue().encode(encoding), LETTERS).rows) == rows


@often
@given(TABLES)
def test_a_table_as_a_workbook(rows):
    book, out = Workbook(), io.BytesIO()
    for row in (HEADS, *rows):
        book.active.append([guarded(cell) for cell in row])
    book.save(out)
    assert cells_of(read_table(out.getvalue(), LETTERS).rows) == rows


@often
@given(TABLES)
def test_exports_of_the_admin(rows):
    for form in (CSV, XLSX):
        table = form().export_data(Dataset(*map(tuple, rows), headers=HEADS))
        raw = table.encode() if isinstance(table, str) else table
        assert cells_of(read_table(raw, LETTERS).rows) == rows


@often
@given(ANY_WIDTH)
@example([["|"], ["|"]])
@example([["a;b\tc"], ["a;b\tc"], ["|;\t"]])
def test_rejects_come_back_with_all_their_cells_and_are_refused_again(tmp_path: Path, rows):
    """However often they go round."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADS, *([guarded(cell) for cell in row] for row in rows)])
    source: bytes | Path = out.getvalue().encode()
    for _ in range(3):
        table = read_table(source, LETTERS)
        assert [row.written for row in table.rows] == rows
        report = Report.of(table)
        for row in table.rows:
            report.reject(row, ValidationError("不行"))
        source = tmp_path / "退件.csv"
        write_rejects(source, report)
