"""A template that somebody fills in comes back as it was filled."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from imports.kinds import KINDS
from imports.samples import sample
from tables.reading import read_table

CELL = st.text(
    st.characters(min_codepoint=33, max_codepoint=0xFFFD, exclude_categories=("C", "Z")), min_size=1, max_size=12
)


def filled(content: bytes, rows: list[list[str]]) -> bytes:
    book = load_workbook(BytesIO(content))
    sheet = book.active
    sheet.delete_rows(2)
    for number, row in enumerate(rows, start=2):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value, cell.data_type = text, "s"  # typed into a column of text: no formula, no number
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("key", sorted(KINDS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_it_is_read_as_it_stands(key, data):
    kind = KINDS[key]
    names = [column.name for column in kind.layout.columns]
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), min_size=1, max_size=5))
    read = read_table(filled(sample(kind), rows), kind.layout)
    assert [[str(row[name]) for name in names] for row in read.rows] == rows
