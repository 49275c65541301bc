"""Workbooks as other programs write them, made by hand: no library of ours would write them so."""

import io
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZipFile

from tables.heads import Column, Layout

LETTERS = Layout(
    "letters",
    "来信",
    "来信",
    (
        Column("编号", ("工单编号", "受理编号"), is_needed=True, unless="序号"),
        Column("序号"),
        Column("标题", ("诉求标题", "主题")),
        Column("时间", ("来电时间", "受理时间"), is_needed=True),
        Column("内容", ("诉求内容", "诉求描述"), is_needed=True),
    ),
)
"""A table for tests."""
HEADS = ["编号", "标题", "时间", "内容"]
GOOD = ["Z1", "路灯", "2026-11-20 09:30", "路灯不亮"]
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODS = "urn:oasis:names:tc:opendocument:xmlns"


def text_cell(text: str, prefix: str = "") -> str:
    c, inline, t = (f"{prefix}{name}" for name in ("c", "is", "t"))
    return f'<{c} t="inlineStr"><{inline}><{t} xml:space="preserve">{text}</{t}></{inline}></{c}>'


def rows_of(*rows: list[str], prefix: str = "") -> str:
    cells = ("".join(text_cell(text, prefix) for text in row) for row in rows)
    return "".join(f"<{prefix}row>{row}</{prefix}row>" for row in cells)


def xlsx(
    *sheets: str | Iterable[str],
    states: tuple[str, ...] = (),
    strings: str = "",
    styles: str = "",
    book: str = "",
    head: str = "",
    prefix: str = "",
    packing: int = ZIP_DEFLATED,
) -> bytes:
    """`sheets` are what stands in <sheetData>, large ones in pieces; `head` before it; `prefix` before each name ("x:")."""
    out = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    shown = (*states, *["visible"] * len(sheets))
    parts = {
        "_rels/.rels": _relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{TYPE}">{book}<sheets>'
        + "".join(f'<sheet name="表{n}" sheetId="{n}" state="{shown[n - 1]}" r:id="r{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            *((f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            ("r8", "sharedStrings", "sharedStrings.xml"),
            ("r9", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }
    with ZipFile(out, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for n, rows in zip(numbers, sheets, strict=True):
            with archive.open(f"xl/worksheets/sheet{n}.xml", "w") as part:
                beginning, end = _sheet("~~", head, prefix).split("~~")
                for piece in (beginning, *([rows] if isinstance(rows, str) else rows), end):
                    part.write(piece.encode())
    return out.getvalue()


def _sheet(rows: str, head: str, prefix: str) -> str:
    """Its rows have to bring the prefix along."""
    name = f"xmlns:{prefix.rstrip(':')}" if prefix else "xmlns"
    return f'<{prefix}worksheet {name}="{MAIN}">{head}<{prefix}sheetData>{rows}</{prefix}sheetData></{prefix}worksheet>'


def _relations(*rows: tuple[str, str, str]) -> str:
    relationships = "".join(f'<Relationship Id="{key}" Type="{TYPE}/{kind}" Target="{to}"/>' for key, kind, to in rows)
    return f'<Relationships xmlns="{RELATIONS}">{relationships}</Relationships>'


def ods(rows: str, *, doctype: str = "") -> bytes:
    """`rows` are what stands in <table:table>."""
    out = io.BytesIO()
    names = " ".join(f'xmlns:{name}="{ODS}:{name}:1.0"' for name in ("office", "table", "text"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{ODS}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"{doctype}<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="表">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_row(*texts: str, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'
