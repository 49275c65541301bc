"""A sheet as .docx, for whoever has to go on with it by hand. The faces are those every Chinese office has."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from papers.sheet import Fields, Hand, Para, Picture, Seal, Sheet, Signs, Table, Text, parted

BODY, TITLE = "仿宋", "方正小标宋简体"
DATE = "　　　年　　月　　日"
SMALL = Pt(9)
SIGNING, FILLED_IN = (51, 49, 56), (31, 47, 31, 47)
"""Widths of columns in millimetres."""


def paper_docx(sheet: Sheet) -> bytes:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(30), Mm(28), Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.size = Pt(14)
    style.paragraph_format.space_after = Pt(4)
    _face(style, BODY)
    _head_and_foot(page, sheet)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(sheet.title)
    run.font.size = Pt(22)
    _face(run, TITLE)
    if sheet.subtitle:
        document.add_paragraph(sheet.subtitle).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    body, tail = parted(sheet.blocks)
    for block in body:
        _add(document, block)
    begun = len(document.element.body)
    for block in tail:
        _add(document, block)
    _keep_together(document.element.body[begun - 1 : -1])  # the last of all is the section's own
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _face(styled: Any, name: str) -> None:
    styled.font.name = name
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _head_and_foot(page: Any, sheet: Sheet) -> None:
    """Above, what it is and, after the first page, of which file; below, which page of how many."""
    page.different_first_page_header_footer = True
    for head, foot, words in (
        (page.first_page_header, page.first_page_footer, [sheet.note]),
        (page.header, page.footer, [sheet.note, sheet.title, sheet.subtitle]),
    ):
        above, below = head.paragraphs[0], foot.paragraphs[0]
        above.alignment, below.alignment = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
        above.add_run("　".join(filter(None, words))).font.size = SMALL
        for before, count in (("第 ", "PAGE"), (" 页，共 ", "NUMPAGES")):
            below.add_run(before).font.size = SMALL
            _count(below, count)
        below.add_run(" 页").font.size = SMALL


def _count(paragraph: Any, name: str) -> None:
    """A number that the office suite fills in."""
    run = paragraph.add_run("1")
    run.font.size = SMALL
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run._r.addprevious(field)
    field.append(run._r)


def _keep_together(parts: Any) -> None:
    """On one page, all but the last keeping with the next."""
    paragraphs = [paragraph for part in parts for paragraph in part.iter(qn("w:p"))]
    for paragraph in paragraphs[:-1]:
        paragraph.get_or_add_pPr().get_or_add_keepNext()
        paragraph.pPr.get_or_add_keepLines()


def _add(document: Any, block: Any) -> None:
    match block:
        case Fields(rows):
            _fields(document, rows)
        case Text(label, words):
            if label:
                head = document.add_paragraph()
                head.add_run(label).bold = True
                head.paragraph_format.keep_with_next = True
            _passage(document, words)
        case Para(words):
            _passage(document, words)
        case Table(head, rows):
            _table(document, [head, *rows])
        case Signs(hands):
            _signs(document, hands)
        case Seal(committee, date):
            seal = document.add_paragraph(f"{committee}（印章）\n{date}")
            seal.alignment, seal.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Pt(30)
        case Picture(content, caption):
            document.add_picture(BytesIO(content), width=Mm(150))
            document.add_paragraph(caption)


def _passage(document: Any, words: str) -> None:
    for line in filter(None, words.split("\n")):
        document.add_paragraph(line).paragraph_format.first_line_indent = Pt(28)


def _signs(document: Any, hands: Any) -> None:
    """A line for each hand: the role, a rule to sign on with the name printed small at its end, the day."""
    table = _columns(document, SIGNING)
    for hand in hands:
        row = table.add_row()
        row.height = Mm(13)
        cells = _sized(row, SIGNING)
        for cell in cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        cells[0].text, cells[2].text = hand.role, hand.at or DATE
        _ruled(cells[1])
        _signed(cells[1].paragraphs[0], hand)


def _columns(document: Any, widths: Any, **more: Any) -> Any:
    """A table without rows yet; office suites read widths from the columns or from the cells, so both have them."""
    table = document.add_table(rows=0, cols=len(widths), **more)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _sized(row: Any, widths: Any) -> Any:
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
    return row.cells


def _ruled(cell: Any) -> None:
    borders, rule = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    cell._tc.get_or_add_tcPr().append(borders)


def _signed(paragraph: Any, hand: Hand) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if hand.picture:
        paragraph.add_run().add_picture(BytesIO(hand.picture), height=Mm(8))
    run = paragraph.add_run(f"　{hand.name}")
    run.font.size = Pt(10)


def _fields(document: Any, rows: Any) -> None:
    """Four columns; a row of one pair takes the last three for its value."""
    table = _columns(document, FILLED_IN, style="Table Grid")
    for row in rows:
        cells = _sized(table.add_row(), FILLED_IN)
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
    document.add_paragraph()
