"""Tables as WPS, Excel and hotline systems write them: read whole, or refused in words."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from tables.moments import read_moment
from tables.reading import read_table
from tests.tables.books import GOOD, HEADS, LETTERS, ods, ods_row, rows_of, text_cell, xlsx

LINES = "编号,标题,时间,内容\r\nZ1,路灯,2026-11-20 09:30,路灯不亮\r\n"
HEAD_ROW = rows_of(HEADS)


def read(source: bytes | str) -> list[list[str]]:
    raw = source.encode() if isinstance(source, str) else source
    return [[row.text(head) for head in HEADS] for row in read_table(raw, LETTERS).rows]


def faults(source: bytes | str) -> list[str]:
    reasons = []
    for row in read_table(source.encode() if isinstance(source, str) else source, LETTERS).rows:
        try:
            row.check()
        except ValidationError as refusal:
            reasons.append(f"{row.line} {refusal.messages[0]}")
    return reasons


USUAL_FORMS = {
    "UTF-8": LINES.encode("utf-8"),
    "UTF-8 with a mark": LINES.encode("utf-8-sig"),
    "GB18030": LINES.encode("gb18030"),
    "UTF-16": LINES.encode("utf-16"),
    "UTF-16 LE": LINES.encode("utf-16-le"),
    "UTF-16 BE": LINES.encode("utf-16-be"),
    "gzip": gzip.compress(LINES.encode()),
    "lines end in LF": LINES.replace("\r\n", "\n").encode(),
    "lines end in CR": LINES.replace("\r\n", "\r").encode(),
    "semicolons": LINES.replace(",", ";").encode(),
    "tabs": LINES.replace(",", "\t").encode("utf-16"),
    "bars": LINES.replace(",", "|").encode(),
    "sep=": ("sep=;\r\n" + LINES.replace(",", ";")).encode(),
    "quoted sep=": ('"sep=;"\r\n' + LINES.replace(",", ";")).encode(),
    "a trailing comma": LINES.replace("\r\n", ",\r\n").encode(),
    "three trailing commas": LINES.replace("\r\n", ",,,\r\n").encode(),
    "empty lines first": ("\r\n\r\n" + LINES).encode(),
    "a title row": ("热线工单汇总,,,\r\n" + LINES).encode(),
    "empty rows last": LINES.encode() + b"\r\n,,,\r\n\r\n",
    "a number as a formula": LINES.replace("Z1", '="Z1"').encode(),
    "a quoted cell": LINES.replace("路灯不亮", '"路灯不亮"').encode(),
}


@pytest.mark.parametrize("raw", USUAL_FORMS.values(), ids=USUAL_FORMS)
def test_texts_in_any_usual_form(raw):
    assert read(raw) == [GOOD]


def test_a_semicolon_file_with_commas_in_its_words_and_the_other_way_round():
    assert read("编号;标题;时间;内容\nZ1;灯,路;2026-11-20;a,b,c,d,e\n")[0][3] == "a,b,c,d,e"
    assert read("编号,标题,时间,内容\nZ1,灯;路,2026-11-20,a;b;c;d;e\n")[0][3] == "a;b;c;d;e"


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    text = '编号,时间,内容\nZ1,2026-11-20,"第一行\n第二行"\n\nZ2,2026-11-20,"x"\n'
    assert [row.line for row in read_table(text.encode(), LETTERS).rows] == [2, 4]


def test_rows_without_blanks_at_their_end():
    text = "编号,时间,内容,标题\nZ1,2026-11-20,灯\nZ2,2026-11-20\n"
    assert read(text)[0] == ["Z1", "", "2026-11-20", "灯"]
    assert faults(text) == ["3 有 2 列，表头是 4 列"]  # cut off before what it cannot lack


@pytest.mark.parametrize(
    ("encoding", "bad"), [("utf-8", b"\xff"), ("utf-8-sig", b"\xff"), ("gb18030", b"\xff"), ("utf-8", b"\xb5\xc6")]
)
def test_a_bad_byte_is_named_by_its_row_and_the_others_are_read(encoding, bad):
    text = LINES + "".join(f"Z{number},标题,2026-11-20,没有坏字的一行\r\n" for number in range(2, 9))
    raw = text.encode(encoding).replace("路灯不".encode(encoding.removesuffix("-sig")), bad, 1)
    assert [words.partition("，")[0] for words in faults(raw)] == ["2 “内容”里有读不出的字"]
    assert read(raw)[1:] == read(text)[1:]


@pytest.mark.parametrize(
    "rows",
    [
        'Z2,"标题,2026-11-20,内容\nZ3,标题,2026-11-20,内容\n',
        'Z2,"标题,2026-11-20,内容\nZ3,标题,2026-11-20,内容\nZ4,"标题",2026-11-20,内容\n',
    ],
)
def test_a_quotation_mark_too_many_swallows_no_rows(rows):
    with pytest.raises(ValidationError, match="第 3 行起引号不成对"):
        read(LINES + rows)


def test_quotation_marks_within_a_line_do_no_harm():
    assert read('编号,时间,内容\nZ1,2026-11-20,"紧急"路灯\nZ2,2026-11-20,5"水管\n')[1][3] == '5"水管'


def test_cells_that_no_head_names():
    assert faults("编号,时间,内容\nZ1,2026-11-20,逗号,没加引号\n") == ["2 有 4 列，表头是 3 列"]
    assert faults("编号,,时间,内容\nZ1,写在这里,2026-11-20,内容\n") == ["2 第 2 列没有列名，却写着“写在这里”"]


@pytest.mark.parametrize(
    ("rest", "is_mended"),
    [
        ("Z1,2026-11-20,逗号", False),
        ("Z1,2026-11-20,逗号,", False),
        ('Z1,2026-11-20,"逗号,后半句"', True),
        ("Z1,2026-11-20,逗号，后半句", True),
    ],
)
def test_a_reject_that_lost_its_cells_too_many_is_refused_again(rest, is_mended):
    reason = "有 4 列，表头是 3 列"
    text = f'行号,原因,编号,时间,内容\n9,"{reason}",{rest}\n'
    reasons = faults(text)
    assert (reasons == []) == is_mended
    assert all(words.startswith(f"2 {reason}；多出来的内容这次没有了") for words in reasons)
    assert faults(text.replace(reason, "")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("编号,时间,内容\n", "没有读到任何来信：列名下面一行内容也没有"),
        ("编号,时间,内容\n\n , ,\n", "没有读到任何来信"),
        ("", "第一行应是列名"),
        ("编号,时间,内容,内容\nZ1,2026-11-20,a,b\n", "列名“内容”出现了不止一次"),
        ("\ufeff<html><table><tr><td>编号</td></tr></table>", "这是网页或 XML 文件"),
        ('<?xml version="1.0"?><Workbook/>', "这是网页或 XML 文件"),
        ("%PDF-1.7", "这是PDF 文件"),
        ("{\\rtf1", "这是文档"),
    ],
)
def test_what_is_no_table_says_so(text, words):
    with pytest.raises(ValidationError, match=words):
        read(text)


def test_paths(tmp_path):
    (tmp_path / "表.csv").write_text(LINES)
    assert len(read_table(tmp_path / "表.csv", LETTERS).rows) == 1
    for path, words in (
        (tmp_path / "没有.csv", "没有这个文件"),
        (tmp_path, "是文件夹，不是表格文件"),
    ):
        with pytest.raises(ValidationError, match=words):
            read_table(path, LETTERS)


def test_sizes_a_sheet_says_of_itself_are_not_asked():
    for head in ("", '<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>'):
        assert read(xlsx(HEAD_ROW + rows_of(GOOD), head=head)) == [GOOD]


def test_rows_and_cells_with_gaps_and_without_numbers():
    rows = HEAD_ROW + '<row r="5"><c r="A5" t="str"><v>Z1</v></c><c r="D5" t="str"><v>灯</v></c></row><row/>'
    table = read_table(xlsx(rows), LETTERS)
    assert [(row.line, row.text("编号"), row.text("时间"), row.text("内容")) for row in table.rows] == [
        (5, "Z1", "", "灯")
    ]
    table.rows[0].check()  # a workbook keeps no blank cells


def test_the_first_visible_sheet_is_read():
    hidden, shown = (HEAD_ROW + rows_of([number, *GOOD[1:]]) for number in ("H1", "Z1"))
    for state in ("hidden", "veryHidden"):
        assert read(xlsx(hidden, shown, states=(state,)))[0][0] == "Z1"
    with pytest.raises(ValidationError, match="没有看得见的工作表"):
        read(xlsx(hidden, states=("hidden",)))


def test_names_with_a_prefix_as_other_programs_write_them():
    assert read(xlsx(rows_of(HEADS, GOOD, prefix="x:"), prefix="x:")) == [GOOD]


def test_shared_texts_with_readings_and_runs():
    strings = "<si><r><t>路灯</t></r><r><t>不亮</t></r><rPh><t>lùdēng</t></rPh></si><si><t>Z_x0031_</t></si>"
    row = '<row><c t="s"><v>1</v></c><c t="str"><v>路灯</v></c><c t="str"><v>2026-11-20 09:30</v></c><c t="s"><v>0</v></c></row>'
    assert read(xlsx(HEAD_ROW + row, strings=strings)) == [GOOD]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c><v>3.0</v></c>", "3"),
        ("<c><v>13800138000</v></c>", "13800138000"),
        ("<c><v>20261120000123457</v></c>", "20261120000123457"),
        ("<c><v>2.0261120000123401E+16</v></c>", "2.02611200001234E+16"),
        ("<c><v>0.10000000000000001</v></c>", "0.1"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="d"><v>2026-11-20T09:30:00</v></c>', "2026-11-20T09:30:00"),
        ('<c t="str"><f>1+1</f><v>2</v></c>', "2"),
        ("<c><f>1+1</f></c>", ""),
        (text_cell("'-7"), "-7"),
        (text_cell("20261120000123457"), "20261120000123457"),
    ],
)
def test_cells(cell, text):
    assert read(xlsx(HEAD_ROW + f"<row>{text_cell('Z1')}{cell}{text_cell('2026-11-20')}</row>"))[0][1] == text


@pytest.mark.parametrize(
    ("serial", "style", "is_1904", "moment"),
    [
        ("46346.395833333336", 1, False, datetime(2026, 11, 20, 9, 30)),
        ("46346", 1, False, datetime(2026, 11, 20)),
        ("44884.395833333336", 1, True, datetime(2026, 11, 20, 9, 30)),
        ("46346.395833333336", 2, False, datetime(2026, 11, 20, 9, 30)),
        ("46346.3958", 0, False, None),
        ("0.3958", 1, False, None),
    ],
)
def test_serial_numbers_are_dates_only_in_cells_that_are_dates(serial, style, is_1904, moment):
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/></cellXfs>'
    )
    book = '<workbookPr date1904="1"/>' if is_1904 else ""
    row = f'<row>{text_cell("Z1")}<c/><c s="{style}"><v>{serial}</v></c>{text_cell("灯")}</row>'
    cell = read_table(xlsx(HEAD_ROW + row, styles=styles, book=book), LETTERS).rows[0]["时间"]
    if moment is None:
        with pytest.raises(ValidationError):
            read_moment(cell)
    else:
        assert read_moment(cell).replace(tzinfo=None) == moment


def test_an_error_in_a_column_of_ours_is_named():
    row = f'<row>{text_cell("Z1")}<c/>{text_cell("2026-11-20")}<c t="e"><v>#REF!</v></c></row>'
    assert faults(xlsx(HEAD_ROW + row)) == ["2 “内容”是公式错误 #REF!"]


def test_old_excel_under_any_name():
    raw = Path(__file__).with_name("hotline.xls").read_bytes()
    assert read(raw) == [
        ["20261120000123457", "路灯", "2026-11-20 09:30:00", "路灯不亮"],
        ["7", "水管", "2026-11-20 10:00", "3"],
    ]


def test_open_document():
    assert read(ods(ods_row("汇总") + ods_row(*HEADS) + ods_row(*GOOD))) == [GOOD]


@pytest.mark.parametrize(
    "raw",
    [b"PK\x03\x04 no book", b"PK no book", xlsx(HEAD_ROW)[:-200]],
    ids=["a zip head and no more", "two letters", "cut off"],
)
def test_broken_books(raw):
    with pytest.raises(ValidationError, match="打不开这个 Excel 文件"):
        read(raw)


def test_a_book_without_its_sheet():
    with pytest.raises(ValidationError, match="打不开这个 Excel 文件"):
        read(xlsx("<row><c></row>"))
