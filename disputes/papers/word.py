"""A sheet as .docx, for whoever has to go on with it by hand. The faces are those every Chinese office has."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cases.papers.sheet import Fields, Para, Picture, Seal, Sheet, Signs, Table, Text

BODY, TITLE = "仿宋", "方正小标宋简体"


def paper_docx(sheet: Sheet) -> bytes:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.size = Pt(14)
    _face(style, BODY)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(sheet.title)
    run.font.size = Pt(22)
    _face(run, TITLE)
    if sheet.subtitle:
        document.add_paragraph(sheet.subtitle).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for block in sheet.blocks:
        _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _face(styled: Any, name: str) -> None:
    styled.font.name = name
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _add(document: Any, block: Any) -> None:
    match block:
        case Fields(rows):
            _fields(document, rows)
        case Text(label, words):
            document.add_paragraph().add_run(label).bold = True
            document.add_paragraph(words)
        case Para(words):
            document.add_paragraph(words).paragraph_format.first_line_indent = Pt(28)
        case Table(head, rows):
            _table(document, [head, *rows])
        case Signs(hands):
            for hand in hands:
                line = document.add_paragraph(f"{hand.role}：")
                if hand.picture:
                    line.add_run().add_picture(BytesIO(hand.picture), height=Mm(15))
                line.add_run(f"　{hand.name}　　{hand.at or '　　　年　　月　　日'}")
        case Seal(committee, date):
            document.add_paragraph(f"{committee}（印章）\n{date}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
        case Picture(content, caption):
            document.add_picture(BytesIO(content), width=Mm(150))
            document.add_paragraph(caption)


def _fields(document: Any, rows: Any) -> None:
    """Four columns; a row of one pair takes the last three for its value."""
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for row in rows:
        cells = table.add_row().cells
        parts = [part for pair in row for part in pair]
        if len(row) == 1:
            cells[0].text = parts[0]
            cells[1].merge(cells[3]).text = parts[1]
            continue
        for cell, words in zip(cells, parts, strict=True):
            cell.text = words
    document.add_paragraph()


def _table(document: Any, rows: Any) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
