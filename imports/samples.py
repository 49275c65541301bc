"""A table of a kind with its heads and one row, to be filled in."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from imports.kinds import Kind

AS_TEXT = "@"
"""A spreadsheet changes nothing that is typed there: no number loses digits, no 3-2 becomes a date."""


def sample(kind: Kind) -> bytes:
    """As .xlsx."""
    book = Workbook()
    sheet = book.active
    names = [column.name for column in kind.layout.columns]
    sheet.append(names)
    sheet.append([kind.example.get(name, "") for name in names])
    for place in range(1, len(names) + 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.number_format, column.width = AS_TEXT, 18
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(2, place).number_format = AS_TEXT
    out = BytesIO()
    book.save(out)
    return out.getvalue()
