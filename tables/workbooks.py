"""What our Excel files share: cells that stay what they are, heads that stay in sight, A4 across."""

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

THIN = Border(*(Side(style="thin", color="FF9A9A9A") for _ in range(4)))
HEAD = PatternFill("solid", fgColor="FFE4EEE8")
COUNT, PERCENT, DAY = "#,##0", "0.00 %", 'yyyy"年"m"月"d"日"'
RIGHT, TOP = Alignment(horizontal="right", vertical="top"), Alignment(wrap_text=True, vertical="top")


def cell(sheet: Worksheet, value: Any, form: str = "", *, is_head: bool = False) -> Any:
    """One cell of a row. What somebody typed stays text, whatever it begins with: it is marked as such, so that it
    becomes no formula when it is edited either. Signs that no workbook may hold are left out."""
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        made.data_type, made.quotePrefix = "s", True
    if form:
        made.number_format = form
    made.border = THIN
    made.alignment = TOP if isinstance(value, str) and not is_head else Alignment(vertical="top", wrap_text=is_head)
    if is_head:
        made.font, made.fill = Font(bold=True), HEAD
    return made


def title(sheet: Worksheet, words: str, *, size: int = 14) -> Any:
    made = WriteOnlyCell(sheet, words)
    made.data_type, made.font = "s", Font(bold=size > 11, size=size)
    return made


def head(sheet: Worksheet, labels: Iterable[str]) -> None:
    sheet.append([cell(sheet, label, is_head=True) for label in labels])


def set_up(sheet: Worksheet, widths: Sequence[int], *, frozen: str, repeated: str) -> None:
    """Before the first row is written: a sheet that is only written cannot look back."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = frozen
    sheet.print_title_rows = repeated
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
